import BorelC
import BorelTestSupport
import CBorel
import Foundation
import Testing

/// Calls of the C interface in any order, with texts that were changed at random, with numbers that
/// are no handles, and with handles that are destroyed or of another kind: whatever comes, the process
/// goes on.
@Suite struct InterfaceFuzzTests {
  @Test func anyOrderOfCallsEnds() {
    let corpus =
      Fuzzing.texts("examples", ".ppl") + Fuzzing.texts("examples/data", ".json")
      + Fuzzing.texts("examples/data", ".csv")
      + ["smc(particles: 5)", "mh(draws: 5, chains: 2)", "enumerate", "1", "null"].map {
        Array($0.utf8)
      }
    let caller = Caller(programs: Fuzzing.texts("examples", ".ppl"))
    defer { caller.destroyAll() }
    Fuzzing.run(corpus, count: 300) { caller.call(with: $0) }
  }
}

/// Makes calls and keeps some of the handles that it gets.
private final class Caller {
  private var handles: [OpaquePointer?] = [nil, OpaquePointer(bitPattern: 48)]
  private var choices: Mutator
  private var options = borel_options()
  private static let room = 24

  init(programs: [[UInt8]]) {
    choices = Mutator(corpus: programs, seed: 7)
    borel_options_init(&options)
    options.seconds = 1
    options.lane_steps = 20_000
    options.memory = 100 << 20
  }

  private var handle: OpaquePointer? { handles[choices.random(handles.count)] }

  private func keep(_ handle: OpaquePointer?) {
    if handles.count < Self.room {
      handles.append(handle)
    } else {
      let place = choices.random(Self.room)
      if choices.random(2) == 0 { destroy(handles[place]) }
      handles[place] = handle
    }
  }

  /// By the function of any kind: only the right one does something.
  private func destroy(_ handle: OpaquePointer?) {
    borel_program_destroy(handle)
    borel_model_destroy(handle)
    borel_posterior_destroy(handle)
    borel_filter_destroy(handle)
    borel_error_destroy(handle)
  }

  func destroyAll() { handles.forEach(destroy) }

  /// A handful of calls with a text, which is valid as often as not.
  func call(with input: [UInt8]) {
    let text = input.filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    let valid = choices.next().filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    var error: OpaquePointer?
    keep(borel_program_create(choices.random(2) == 0 ? text : valid, nil, &error))
    describe(error)
    for _ in 0..<8 {
      error = nil
      text.withUnsafeBufferPointer { text in
        one(choices.random(4) == 0 ? nil : text.baseAddress, &error)
      }
      describe(error)
    }
  }

  private func one(_ text: UnsafePointer<CChar>?, _ error: inout OpaquePointer?) {
    var numbers = [1.0, .nan, -.infinity, 1e300]
    switch choices.random(16) {
    case 0, 1: keep(borel_model_create(handle, choices.random(4) == 0 ? text : nil, &error))
    case 2: _ = borel_model_give_json(handle, text, &error)
    case 3: _ = borel_model_give_csv(handle, text, &error)
    case 4: _ = borel_model_give_reals(handle, text, &numbers, choices.random(5), &error)
    case 5: _ = borel_model_give_int(handle, text, Int64(choices.random(9)) - 4, &error)
    case 6: _ = borel_model_give_real(handle, "flow", numbers[choices.random(4)], &error)
    case 7, 8: keep(borel_infer(handle, "smc(particles: 4)", &options, &error))
    case 9: keep(borel_infer(handle, text, &options, &error))
    case 10: keep(borel_predict(handle, handle, &options, &error))
    case 11:
      let fit = handle
      let name = borel_posterior_name(fit, choices.random(3))
      var estimate = borel_estimate()
      _ = borel_posterior_estimate(fit, name, &estimate, &error)
      describe(error)
      error = nil
      _ = borel_posterior_draws(fit, name, &numbers, 4, &error)
    case 12: borel_text_destroy(borel_posterior_json(handle, &error))
    case 13: keep(borel_filter_create(handle, "smc(particles: 4)", &options, &error))
    case 14: borel_text_destroy(borel_filter_step(handle, text, &error))
    default: snapshot(&error)
    }
  }

  /// Restores a snapshot of which a byte was changed.
  private func snapshot(_ error: inout OpaquePointer?) {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard borel_filter_snapshot(handle, &bytes, &count, &error), let bytes else { return }
    if count > 0, choices.random(2) == 0 { bytes[choices.random(count)] ^= 4 }
    keep(borel_filter_restore(handle, "smc(particles: 4)", &options, bytes, count, &error))
    borel_bytes_destroy(bytes)
  }

  /// Reads all of an error, and gives it back or keeps it.
  private func describe(_ error: OpaquePointer?) {
    guard let error else { return }
    for text in [borel_error_code(error), borel_error_message(error), borel_error_json(error)] {
      #expect(text.map { strlen($0) > 0 } == true)
    }
    if choices.random(20) == 0 { keep(error) } else { borel_error_destroy(error) }
  }
}
