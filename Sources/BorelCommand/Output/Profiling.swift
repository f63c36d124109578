import Borel
import BorelBase
import BorelReport
import BorelRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The profile of a run that asks for one.
struct Profiling {
  let profile = RunProfile()
  private let start = Self.processorSeconds

  func report(in sources: SourceMap) {
    Console.printError(
      ProfileTable(profile, seconds: Self.processorSeconds - start, in: sources).text)
  }

  private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
