import BorelPrimitives

/// Why an operation may fail, for the message.
enum FailureText: Sendable {
  case primitive(Primitive.Failure)
  case indexOutOfRange
  case negativeCount
  case rangeOutOfBounds
  case missingObject
  /// Parameters of the family with this number are outside their domains.
  case distributionParameters(Int)
  /// Code of the app failed; tells why, for operand words.
  case host(@Sendable ([UInt64]) -> String)
}
