import BorelData
import BorelInference

/// Writes draws as CmdStan does: a comment with the settings, a header with indices from 1, a row
/// per draw, a file per chain. Programs that read the output of Stan read these files.
///
/// Weights are the column `log_weight__`; such programs take it for a statistic of the sampler and
/// do not weight the draws, so weighted draws should be resampled first.
///
/// Source: CmdStan User's Guide, chapter "Stan CSV File Format".
struct CmdStanWriter {
  let document: ResultDocument
  let variables: [Variable]

  private var posterior: Posterior { document.posterior }

  private var chainCount: Int {
    if case .chains(let count) = posterior.dependence { return count }
    return 1
  }

  func files(path: String) -> [WrittenFile] {
    let length = posterior.drawCount / max(chainCount, 1)
    return (0..<chainCount).map { chain in
      let text =
        heading(chain: chain, length: length)
        + rows(chain * length..<(chain + 1) * length) + ending
      return WrittenFile(path: name(path, chain: chain), bytes: Array(text.utf8))
    }
  }

  /// `fit.stan.csv` with several chains: `fit-1.stan.csv`, `fit-2.stan.csv`.
  private func name(_ path: String, chain: Int) -> String {
    guard chainCount > 1 else { return path }
    let folderEnd = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let file = path[folderEnd...]
    let stemEnd = file.firstIndex(of: ".") ?? file.endIndex
    return path[..<stemEnd] + "-\(chain + 1)" + path[stemEnd...]
  }

  private func heading(chain: Int, length: Int) -> String {
    """
    # stan_version_major = 2
    # stan_version_minor = 36
    # stan_version_patch = 0
    # model = \(posterior.model)
    # method = sample (Default)
    #   sample
    #     num_samples = \(length)
    #     num_warmup = 0
    #     save_warmup = 0
    #     thin = 1 (Default)
    #     adapt
    #       engaged = 0
    #     algorithm = fixed_param
    # id = \(chain + 1)
    # random
    #   seed = \(posterior.seed)
    # written_by = borel \(posterior.manifest.version)
    # borel_method = \(posterior.method)

    """
  }

  private var ending: String {
    let seconds = NumberText.fixed(posterior.timing.seconds, decimals: 3)
    return """
      #
      #  Elapsed Time: 0 seconds (Warm-up)
      #                \(seconds) seconds (Sampling)
      #                \(seconds) seconds (Total)
      #

      """
  }

  private var isWeighted: Bool { !posterior.logWeights.isEmpty }

  private func rows(_ range: Range<Int>) -> String {
    var text = (isWeighted ? ["log_weight__"] : []).joined()
    let names = variables.map { Self.stanName($0.name) }
    text = ((isWeighted ? ["log_weight__"] : []) + names).joined(separator: ",") + "\n"
    for draw in range {
      var cells: [String] = isWeighted ? [Self.cell(posterior.logWeights[draw])] : []
      for variable in variables {
        cells.append(variable.isPresent(draw) ? Self.cell(variable.values[draw]) : "nan")
      }
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  private static func cell(_ value: Double) -> String {
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return NumberText.exact(value)
  }

  /// `level[3]` as `level.4`, `m[0,1]` as `m.1.2`, the field `p.x` as `p:x`, and the part `t.0` of a
  /// tuple as `t:1`.
  static func stanName(_ name: String) -> String {
    var result = ""
    for (position, part) in name.split(separator: ".").enumerated() {
      let head = part.prefix { $0 != "[" }
      if position > 0 {
        result += ":" + (Int(head).map { String($0 + 1) } ?? String(head))
      } else {
        result += head
      }
      for index in ElementName("x" + part.dropFirst(head.count)).indices {
        result += ".\(index + 1)"
      }
    }
    return result
  }
}
