#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writing of text files.
enum TextOutput {
  /// Replaces the contents of a file.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    guard let file = fopen(path, "w") else { throw failure(path) }
    var text = text
    let isWritten = text.withUTF8 {
      $0.isEmpty || fwrite($0.baseAddress, 1, $0.count, file) == $0.count
    }
    guard fclose(file) == 0, isWritten else { throw failure(path) }
  }

  private static func failure(_ path: String) -> CommandFailure {
    .usage("cannot write '\(path)': \(String(cString: strerror(errno)).lowercased())")
  }
}
