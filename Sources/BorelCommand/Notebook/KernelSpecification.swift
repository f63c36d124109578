import BorelData
import BorelReport
import Foundation

/// What Jupyter has to know of the kernel: a folder with `kernel.json` and the kernel in Python.
enum KernelSpecification {
  /// Writes the folder.
  ///
  /// - Parameters:
  ///   - prefix: Of an installation; nil for the folder of the user.
  ///   - python: The Python that runs the kernel.
  ///   - borel: The executable.
  /// - Returns: The folder.
  static func install(
    prefix: String?, python: String, borel: String
  ) throws(CommandFailure) -> String {
    let base = prefix.map { "\($0)/share/jupyter" } ?? userFolder
    let folder = "\(base)/kernels/borel"
    let script = "\(folder)/borel_kernel.py"
    let specification = JSONValue.object([
      (
        "argv",
        .array([.string(python), .string(script), .string("-f"), .string("{connection_file}")])
      ),
      ("display_name", .string("Borel")), ("language", .string("borel")),
      ("interrupt_mode", .string("signal")),
      ("env", .object([("BOREL", .string(borel))])),
    ])
    try FileOutput.write([
      WrittenFile(path: script, bytes: PackageResources.borel_kernel_py),
      WrittenFile(
        path: "\(folder)/kernel.json", bytes: Array((specification.text + "\n").utf8)),
    ])
    return folder
  }

  /// Where Jupyter looks for what the user has installed.
  private static var userFolder: String {
    if let folder = Console.environment("JUPYTER_DATA_DIR"), !folder.isEmpty { return folder }
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    #if os(macOS)
      return "\(home)/Library/Jupyter"
    #else
      if let folder = Console.environment("XDG_DATA_HOME"), !folder.isEmpty {
        return "\(folder)/jupyter"
      }
      return "\(home)/.local/share/jupyter"
    #endif
  }
}
