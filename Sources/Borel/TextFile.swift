import BorelBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading of text files.
package enum TextFile {
  /// The text of a file.
  ///
  /// - Throws: E0402 when the file cannot be read or is not UTF-8.
  package static func read(
    _ path: String, category: BorelBase.Diagnostic.Category = .data
  ) throws(Diagnostics) -> SourceFile {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Diagnostics([.unreadable(path, String(cString: strerror(errno)), category)])
    }
    defer { close(descriptor) }
    return try read(descriptor, name: path, category: category)
  }

  /// The text of what an open file descriptor gives until its end.
  package static func read(
    _ descriptor: Int32, name: String, category: BorelBase.Diagnostic.Category = .data
  ) throws(Diagnostics) -> SourceFile {
    var bytes: [UInt8] = []
    let chunk = 1 << 16
    while true {
      let start = bytes.count
      var failure: Int32 = 0
      bytes.append(contentsOf: repeatElement(0, count: chunk))
      let count = bytes.withUnsafeMutableBytes { buffer in
        let count = unsafeRead(descriptor, buffer, start, chunk)
        failure = errno
        return count
      }
      bytes.removeLast(chunk - max(count, 0))
      if count == 0 { break }
      if count < 0, failure == EINTR { continue }
      guard count > 0 else {
        throw Diagnostics([.unreadable(name, String(cString: strerror(failure)), category)])
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostics([.notText(name, category)])
    }
    return SourceFile(name: name, text: text)
  }

  private static func unsafeRead(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ start: Int, _ count: Int
  ) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    #if canImport(Glibc)
      return Glibc.read(descriptor, base + start, count)
    #elseif canImport(Musl)
      return Musl.read(descriptor, base + start, count)
    #else
      return Darwin.read(descriptor, base + start, count)
    #endif
  }
}

extension BorelBase.Diagnostic {
  fileprivate static func unreadable(
    _ path: String, _ reason: String, _ category: Category
  ) -> Diagnostic {
    Diagnostic(
      "E0402", category, "cannot read '\(path)': \(reason.lowercased())", at: .none,
      hints: path.hasPrefix("/") ? [] : ["paths start at the current folder"])
  }

  fileprivate static func notText(_ name: String, _ category: Category) -> Diagnostic {
    Diagnostic("E0402", category, "'\(name)' is not UTF-8 text", at: .none)
  }
}
