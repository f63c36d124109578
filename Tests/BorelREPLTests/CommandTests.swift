import BorelREPL
import Foundation
import Testing

@Suite struct CommandTests {
  @Test func uniqueStartsOfCommandsAreEnough() throws {
    for command in PromptCommand.all {
      let name = command.name
      let unique = (1...name.count).map { String(name.prefix($0)) }.first { start in
        start == name || PromptCommand.all.filter { $0.name.hasPrefix(start) }.count == 1
      }
      let start = try #require(unique)
      #expect(try PromptCommand.named(start).name == name)
    }
    let desk = Desk()
    #expect(desk.enter(":s") == "E0709")
    #expect(desk.enter(":nothing") == "E0709")
    #expect(desk.enter(":ty 1 + 2.5") == "1 + 2.5: Real\n")
  }

  @Test func helpNamesEveryCommand() {
    let text = Desk().enter(":help")
    for command in PromptCommand.all { #expect(text.contains("  :\(command.name)")) }
  }

  @Test func dataGoToTheParametersOfModels() {
    let desk = Desk()
    _ = desk.enter(
      "model coin(flips: [Bool], a: Real = 1) {\n p ~ Beta(a, 1)\n observe flips ~ Bernoulli(p) }")
    #expect(desk.enter(":data flips=[true,true,false]") == "flips=[true,true,false]\n")
    #expect(
      desk.enter(":infer coin importance(particles: 100)").contains(
        "coin: importance(particles: 100)"))
    #expect(desk.enter("it.effectiveSampleSize > 1").hasSuffix("Bool = true\n"))
    #expect(desk.enter(":infer importance(particles: 50)").contains("importance(particles: 50)"))
    #expect(desk.enter(":infer cion") == "E0709")
    #expect(desk.enter(":infer coin importance(particels: 1)") == "E0704")
    #expect(desk.enter(":prior 200 coin").contains("prior(draws: 200)"))
    #expect(desk.enter(":plan coin").contains("importance"))
    #expect(desk.enter(":data clear") == "no data\n")
  }

  @Test func posteriorsAreJudgedDrawnAndTracedToLines() {
    let desk = Desk()
    #expect(desk.enter(":plot") == "E0709")
    #expect(desk.enter(":blame nothing") == "E0709")
    _ = desk.enter("model m(y: Real) {\n x ~ Normal(0, 1)\n observe y ~ Normal(x, 1)\n}")
    _ = desk.enter("let fit = infer(m(y: 1), smc(particles: 1000))")
    #expect(desk.enter(":diagnose").contains("weights"))
    let blame = desk.enter(":blame fit")
    #expect(blame.contains("observe y ~ Normal(x, 1)") || blame.contains(":3"), "\(blame)")
    #expect(desk.enter(":plot fit").contains("x"))
  }

  @Test func dataArePredictedFromPosteriors() {
    let desk = Desk()
    #expect(desk.enter(":predict") == "E0709")
    _ = desk.enter("model m(y: [Real]) {\n x ~ Normal(0, 1)\n observe y ~ Normal(x, 0.1)\n}")
    _ = desk.enter(":data y=[2.0,2.0,2.0]")
    _ = desk.enter("let fit = infer(m(y: [2.0, 2.0, 2.0]), importance(particles: 20_000))")
    let table = desk.enter(":predict fit")
    #expect(table.contains("predict(importance(particles: 20000))"))
    #expect(table.contains("y[2]"))
    #expect(!table.contains("\nx "))
    #expect(desk.enter(":summary prediction") == table)
    #expect(desk.enter(":plot prediction").contains("y"))
    // Two data more: a forecast.
    _ = desk.enter(":data clear")
    _ = desk.enter(":data y=[2.0,2.0,2.0,0.0,0.0]")
    #expect(desk.enter(":predict").contains("y[4]"))
    // A variable of that name comes first.
    #expect(desk.enter("let prediction = 1") == "prediction: Int = 1\n")
    #expect(desk.enter(":summary prediction") == "E0709")
    // Without data there is nothing to predict.
    _ = desk.enter(":data clear")
    #expect(desk.enter(":predict fit") == "E0410")
  }

  /// The maximum of the likelihood of 1, 2, 3, 6 with known mean 3 is at the variance 3.5.
  @Test func parametersAreLearnt() {
    let desk = Desk()
    _ = desk.enter(
      "model m(y: [Real], param s: Real in 0<.. = 1) {\n observe y ~ Normal(3, s)\n}")
    _ = desk.enter(":data y=[1,2,3,6]")
    let text = desk.enter(":learn m enumerate")
    #expect(text.contains("learned by enumerate"))
    #expect(desk.enter("abs(it.parameter(\"s\") - sqrt(3.5)) < 0.001").hasSuffix("true\n"))
    #expect(desk.enter(":learn nothing") == "E0709")
    #expect(desk.enter(":learn m smc(partciles: 1)") == "E0704")
  }

  @Test func settingsAreCheckedBeforeTheyCount() {
    let desk = Desk()
    #expect(desk.enter(":set seed 7") == "")
    #expect(desk.enter(":seed") == "seed 7\n")
    #expect(desk.enter(":set seed -1") == "E0709")
    #expect(desk.enter(":set threads 0") == "E0709")
    #expect(desk.enter(":set memory-limit 2G") == "")
    #expect(desk.session.settings.memoryLimit == 2 << 30)
    #expect(desk.enter(":set method smc(partciles: 1)") == "E0704")
    #expect(desk.enter(":set colour red") == "E0709")
  }

  @Test func timeAndMemoryAreLimited() {
    let desk = Desk()
    _ = desk.enter(":set time-limit 0.05")
    #expect(desk.enter("var i = 0\nwhile true { i += 1 }") == "E0603")
    #expect(desk.enter("1") == "$1: Int = 1\n")
  }

  @Test func sessionsAreSavedAndLoaded() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.ppl").path
    let desk = Desk()
    _ = desk.enter("func f(x: Int) -> Int { x + 1 }")
    _ = desk.enter("let α = f(1)")
    _ = desk.enter(":type α")
    #expect(desk.enter(":save \(path)") == "")
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "func f(x: Int) -> Int { x + 1 }\nlet α = f(1)\n")
    let other = Desk()
    #expect(other.enter(":reload") == "E0709")
    #expect(other.enter(":load \(path)") == "")
    #expect(other.enter("α") == "$1: Int = 2\n")
    try "func f(x: Int) -> Int { x + 10 }\nlet α = f(1)\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(other.enter(":reload") == "")
    #expect(other.enter("α") == "$2: Int = 11\n")
    #expect(other.enter(":load nowhere.ppl") == "E0402")
    #expect(desk.enter(":browse") == "func f(x: Int) -> Int\nlet α: Int\n")
    #expect(desk.enter(":info f").hasPrefix("func f(x: Int) -> Int { x + 1 }\n"))
    #expect(desk.enter(":doc Normal").contains("Normal(mean: Real, sd: Real)"))
    #expect(desk.enter(":ir f").contains("func f"))
  }
}
