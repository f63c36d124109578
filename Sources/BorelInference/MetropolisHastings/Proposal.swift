import BorelRuntime

/// What a move changes in the traces of the chains before the program is run again: choices that
/// get another value, and choices that are drawn anew. All else is replayed.
final class Proposal {
  private struct Edit {
    let chain: Int
    let instance: Int
    /// Position of the new value words; nil when the choice is drawn anew.
    let words: Int?
    /// Position of the words that the trace had before.
    var saved = 0
    /// Whether the trace had the choice before, and with which log-density.
    var wasPresent = true
    var savedDensity = 0.0
  }

  /// The static choice that all edits belong to; nil when there are several.
  let site: Int?
  /// Whether nothing is replayed.
  let redrawsAll: Bool
  /// Whether a failure of a chain is a rejection. It is an error in the draws that chains start from.
  let rejectsFailures: Bool
  private var edits: [Edit] = []
  private var words: [UInt64] = []
  private var saved: [UInt64] = []

  init(site: Int? = nil, redrawsAll: Bool = false, rejectsFailures: Bool = true) {
    self.site = site
    self.redrawsAll = redrawsAll
    self.rejectsFailures = rejectsFailures
  }

  var isEmpty: Bool { edits.isEmpty && !redrawsAll }

  /// The choice is drawn anew.
  func redraw(_ instance: Int, in chain: Int) {
    edits.append(Edit(chain: chain, instance: instance, words: nil))
  }

  /// The choice gets a value; a trace that does not have it gets it with log-density 0.
  func set(_ instance: Int, in chain: Int, to value: [UInt64]) {
    edits.append(Edit(chain: chain, instance: instance, words: words.count))
    words += value
  }

  /// Puts the changes into a trace.
  func apply(to trace: ChoiceStore) {
    saved.removeAll(keepingCapacity: true)
    for index in edits.indices {
      let edit = edits[index]
      let columns = trace.columns(edit.instance)
      edits[index].saved = saved.count
      edits[index].wasPresent = columns.present[edit.chain]
      edits[index].savedDensity = columns.logDensities[edit.chain]
      for k in trace.instances[edit.instance].layout.indices {
        let place = columns.words + k * trace.laneCount + edit.chain
        saved.append(place.pointee)
        if let start = edit.words { place.pointee = words[start + k] }
      }
      if edit.words == nil {
        columns.present[edit.chain] = false
      } else if !columns.present[edit.chain] {
        columns.present[edit.chain] = true
        columns.logDensities[edit.chain] = 0
        trace.forgetParameters(edit.instance, lane: edit.chain)
      }
    }
  }

  /// Takes them back.
  func undo(in trace: ChoiceStore) {
    for edit in edits {
      let columns = trace.columns(edit.instance)
      for k in trace.instances[edit.instance].layout.indices {
        columns.words[k * trace.laneCount + edit.chain] = saved[edit.saved + k]
      }
      columns.present[edit.chain] = edit.wasPresent
      columns.logDensities[edit.chain] = edit.savedDensity
    }
  }

  /// What the trace will have again when the changes are taken back, for the collector: words, and
  /// parameters of choices that the trace does not have now.
  func visitHandles(_ trace: ChoiceStore, _ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for edit in edits where edit.wasPresent {
      if edit.words == nil { trace.visitParameters(edit.instance, lane: edit.chain, visit) }
      for (k, type) in trace.instances[edit.instance].layout.enumerated() where type.isHandle {
        saved.withUnsafeMutableBufferPointer {
          visit($0.baseAddress.unsafelyUnwrapped + edit.saved + k)
        }
      }
    }
  }
}
