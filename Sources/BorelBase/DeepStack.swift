#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs a function on a thread of its own with a stack of 64 MB and waits for it.
///
/// For recursion over syntax trees: their depth is limited, but debug builds need up to 20 KB per
/// level and threads of a host may have 512 KB in all. The memory is only reserved; what is not
/// touched costs nothing. When no thread can be made, the function runs on the caller's stack.
package func withDeepStack<Result: Sendable>(
  _ body: @escaping @Sendable () -> Result
) -> Result {
  let call = DeepCall(body)
  var attributes = pthread_attr_t()
  guard pthread_attr_init(&attributes) == 0 else { return body() }
  defer { pthread_attr_destroy(&attributes) }
  guard pthread_attr_setstacksize(&attributes, 64 << 20) == 0 else { return body() }
  let context = Unmanaged.passRetained(call as DeepCallBase)
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let status = pthread_create(&thread, &attributes, runDeepCall, context.toOpaque())
  guard status == 0 else {
    context.release()
    return body()
  }
  #if canImport(Darwin)
    if let thread { pthread_join(thread, nil) }
  #else
    pthread_join(thread, nil)
  #endif
  return call.result ?? body()
}

#if canImport(Darwin)
  private func runDeepCall(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<DeepCallBase>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }
#else
  private func runDeepCall(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<DeepCallBase>.fromOpaque(context).takeRetainedValue().run() }
    return nil
  }
#endif

private class DeepCallBase {
  func run() {}
}

/// A function on its way to another thread, and its result on the way back; joining orders both.
private final class DeepCall<Result: Sendable>: DeepCallBase {
  private let body: @Sendable () -> Result
  private(set) var result: Result?

  init(_ body: @escaping @Sendable () -> Result) { self.body = body }

  override func run() { result = body() }
}
