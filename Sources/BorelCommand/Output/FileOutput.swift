import BorelReport
import Foundation

/// Writing of results to files.
enum FileOutput {
  /// Replaces the contents of files; folders are made as needed.
  static func write(_ files: [WrittenFile]) throws(CommandFailure) {
    for file in files {
      let url = URL(fileURLWithPath: file.path)
      do {
        let folder = url.deletingLastPathComponent()
        if files.count > 1 {
          try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data(file.bytes).write(to: url)
      } catch {
        throw .usage("cannot write '\(file.path)': \(reason(error))")
      }
    }
  }

  static func write(_ text: String, to path: String) throws(CommandFailure) {
    try write([WrittenFile(path: path, bytes: Array(text.utf8))])
  }

  /// Removes an older Zarr store, so that no array of it stays; anything else is an error.
  static func removeStore(_ path: String) throws(CommandFailure) {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else { return }
    guard manager.fileExists(atPath: path + "/.zgroup") else {
      throw .usage("cannot write '\(path)': it exists and is no Zarr store")
    }
    do {
      try manager.removeItem(atPath: path)
    } catch {
      throw .usage("cannot replace '\(path)': \(reason(error))")
    }
  }

  /// Why a file could not be read or written, in words of the system.
  static func reason(_ error: any Error) -> String {
    if let error = error as? POSIXError {
      return String(cString: strerror(error.code.rawValue)).lowercased()
    }
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError
    if let cause, cause.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(cause.code))).lowercased()
    }
    switch (error.domain, error.code) {
    case (NSCocoaErrorDomain, CocoaError.Code.fileReadNoSuchFile.rawValue),
      (NSCocoaErrorDomain, CocoaError.Code.fileNoSuchFile.rawValue):
      return "no such file or directory"
    default: return error.localizedDescription
    }
  }
}
