import EmbeddingExample

// Prints the bias of a coin that showed 7 heads in 10 flips: Beta(8, 4), mean 2/3.
print(try await coinReport(flips: [true, true, false, true, true, false, true, true, false, true]))
// Prints the temperature behind three readings, by a calibration table of the app.
print(try await sensorReport(readings: [27.5, 31, 29]))
