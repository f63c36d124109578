// The functions have the names of the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Borel
import BorelBase
import BorelData
import BorelInference
import CBorel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Problems, as C reads them.
final class CError: Sendable {
  let code: CText
  let message: CText
  let json: CText

  init(_ problems: [Diagnostic], _ sources: SourceMap) {
    code = CText(problems.first?.code ?? "")
    message = CText(render(problems, in: sources))
    json = CText(JSONValue.array(problems.map { $0.json(in: sources) }).text)
  }
}

/// Where C looks for an error.
public typealias ErrorPlace = UnsafeMutablePointer<OpaquePointer?>?

/// Runs a body and puts what it throws where C looks for it.
///
/// - Parameter sources: The texts that problems point into.
func reporting<Result>(
  _ place: ErrorPlace, in sources: @autoclosure () -> SourceMap = SourceMap([]),
  _ body: () throws(Diagnostics) -> Result
) -> Result? {
  do throws(Diagnostics) {
    return try body()
  } catch {
    place?.pointee = Handles.shared.add(CError(error.list, sources()))
    return nil
  }
}

/// The thing behind a handle.
///
/// - Throws: E0730 when there is none of this kind.
func found<Thing>(
  _ handle: OpaquePointer?, _ kind: Thing.Type, _ name: String
) throws(Diagnostics) -> Thing {
  if let thing = Handles.shared.find(handle, kind) { return thing }
  throw misuse(
    handle == nil ? "the \(name) is NULL" : "the \(name) has been destroyed or is something else")
}

/// A text of C.
///
/// - Throws: E0730 for NULL and for what is not UTF-8.
func text(_ start: UnsafePointer<CChar>?, _ name: String) throws(Diagnostics) -> String {
  guard let start else { throw misuse("the \(name) is NULL") }
  guard let text = String(validatingCString: start) else {
    throw misuse("the \(name) is not UTF-8 text")
  }
  return text
}

func misuse(_ message: String) -> Diagnostics {
  Diagnostics([Diagnostic("E0730", .usage, message, at: .none)])
}

@c @implementation
public func borel_error_code(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  Handles.shared.find(error, CError.self).map { UnsafePointer($0.code.start) }
}

@c @implementation
public func borel_error_message(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  Handles.shared.find(error, CError.self).map { UnsafePointer($0.message.start) }
}

@c @implementation
public func borel_error_json(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  Handles.shared.find(error, CError.self).map { UnsafePointer($0.json.start) }
}

@c @implementation
public func borel_error_destroy(_ error: OpaquePointer?) {
  Handles.shared.remove(error, CError.self)
}

@c @implementation
public func borel_text_destroy(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

private let versionText = CText(BorelVersion.text)

@c @implementation
public func borel_version() -> UnsafePointer<CChar>? { UnsafePointer(versionText.start) }
