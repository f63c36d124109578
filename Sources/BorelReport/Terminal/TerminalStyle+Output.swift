#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension TerminalStyle {
  /// As wide as the terminal of the standard output: its size, or `COLUMNS`, or 80. Without colours
  /// when `NO_COLOR` is set or it is no terminal that has them.
  ///
  /// - Parameters:
  ///   - width: Columns instead of those of the terminal.
  ///   - usesColor: Whether colours are wanted at all.
  package static func ofOutput(width: Int? = nil, usesColor: Bool = true) -> TerminalStyle {
    func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    var size = winsize()
    var columns = variable("COLUMNS").flatMap { Int($0) } ?? 80
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      columns = Int(size.ws_col)
    }
    let hasColor =
      isatty(STDOUT_FILENO) == 1 && (variable("NO_COLOR") ?? "").isEmpty
      && variable("TERM") != "dumb"
    return TerminalStyle(width: width ?? columns, usesColor: usesColor && hasColor)
  }
}
