import Borel
import CBorel
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The things that C knows by number. A number is never given out twice, so that one that has been
/// destroyed, or is of another kind, is found out.
final class Handles: Sendable {
  static let shared = Handles()

  private struct State {
    var next: UInt = 1
    var things: [UInt: any Sendable & AnyObject] = [:]
  }
  private let state = Mutex(State())

  func add(_ thing: some Sendable & AnyObject) -> OpaquePointer? {
    state.withLock { state in
      // Numbers that look like pointers to aligned memory are never looked into.
      let number = state.next * 16
      state.next += 1
      state.things[number] = thing
      return OpaquePointer(bitPattern: number)
    }
  }

  /// The thing with a number; nil when there is none of this kind.
  func find<Thing>(_ handle: OpaquePointer?, _ kind: Thing.Type = Thing.self) -> Thing? {
    let number = UInt(bitPattern: handle)
    guard let thing = state.withLock({ $0.things[number] }) else { return nil }
    return thing as? Thing
  }

  func remove<Thing>(_ handle: OpaquePointer?, _ kind: Thing.Type) {
    let number = UInt(bitPattern: handle)
    let removed = state.withLock { state -> (any Sendable & AnyObject)? in
      guard let thing = state.things[number], thing is Thing else { return nil }
      return state.things.removeValue(forKey: number)
    }
    // What was removed ends outside of the lock.
    _ = removed
  }
}

/// A text that C reads for as long as it is kept.
final class CText: @unchecked Sendable {
  let start: UnsafeMutablePointer<CChar>

  init(_ text: String) {
    let bytes = text.utf8CString
    start = .allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { start[index] = byte }
  }

  deinit { start.deallocate() }

  /// A copy that C owns; a text ends at its first zero byte.
  static func copy(_ text: String) -> UnsafeMutablePointer<CChar>? { strdup(text) }
}

/// A value as a thing with a number.
final class Boxed<Value: Sendable>: Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// A value that calls change.
final class Changing<Value: Sendable>: Sendable {
  private let state: Mutex<Value>
  init(_ value: Value) { state = Mutex(value) }
  var value: Value { state.withLock { $0 } }
  func set(_ value: Value) { state.withLock { $0 = value } }
}

final class FittedModel: Sendable {
  let posterior: Posterior
  /// Names, as C reads them.
  let names: [CText]

  init(_ posterior: Posterior) {
    self.posterior = posterior
    names = posterior.names.map { CText($0) }
  }
}
