import BorelBase
import BorelData

extension Diagnostics {
  /// As text for people: each with the line of the program or of the data that it is about.
  ///
  /// ```swift
  /// do {
  ///   let fit = try nile.infer()
  /// } catch {
  ///   print(error.text)
  /// }
  /// ```
  public var text: String { render(list, in: sources) }

  /// As a JSON array of objects with `code`, `severity`, `message` and `hints`, and `file`, `line`
  /// and `column`, from 1, where there is a place.
  public var json: String { JSONValue.array(list.map { $0.json(in: sources) }).text }
}
