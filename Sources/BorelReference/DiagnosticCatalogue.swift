/// Every code of a diagnostic with what it means: the index of the reference.
package enum DiagnosticCatalogue {
  package struct Entry: Sendable {
    package var code: String
    /// One sentence.
    package var summary: String

    init(_ code: String, _ summary: String) {
      self.code = code
      self.summary = summary
    }
  }

  package struct Section: Sendable {
    package var title: String
    package var entries: [Entry]
  }

  package static let sections = [
    Section(title: "Syntax", entries: syntax), Section(title: "Names and types", entries: names),
    Section(title: "Run time", entries: runTime), Section(title: "Data and results", entries: data),
    Section(title: "Inference", entries: inference), Section(title: "Limits", entries: limits),
    Section(title: "Use", entries: usage), Section(title: "Warnings", entries: warnings),
    Section(title: "Notes", entries: notes),
  ]

  /// The entry of a code; nil for an unknown one.
  package static func entry(_ code: String) -> Entry? {
    sections.lazy.flatMap(\.entries).first { $0.code == code }
  }

  private static let syntax = [
    Entry("E0100", "The file is too long."),
    Entry("E0101", "A character has no meaning in the language."),
    Entry("E0102", "A string is never closed."),
    Entry("E0103", "A comment is never closed."),
    Entry("E0104", "An escape in a string is not known."),
    Entry("E0105", "What starts like a number is none."),
    Entry("E0106", "A number is too large."),
    Entry("E0107", "An interpolation in a string is never closed."),
    Entry("E0108", "The lines of a multi-line string do not stand where they should."),
    Entry("E0110", "Something else was expected here, such as an expression."),
    Entry("E0111", "Brackets do not match, or a list is not separated properly."),
    Entry("E0112", "Two statements stand on one line."),
    Entry("E0113", "Comparisons are chained, as in `a < b < c`."),
    Entry("E0114", "The program is nested too deeply."),
    Entry("E0115", "`=` stands where a condition or expression is."),
    Entry("E0116", "A draw or an `observe` is not written as `name ~ distribution`."),
    Entry("E0117", "A word starts no statement."),
    Entry("E0118", "A function type is written without parentheses."),
    Entry("E0119", "The head of a loop is wrong."),
    Entry("E0120", "Something is assigned to what is no variable, element or field."),
    Entry("E0121", "`let` stands before a draw, or a draw has a type."),
    Entry("E0122", "A pattern is wrong."),
    Entry("E0123", "The interval after `in` is wrong."),
    Entry("E0124", "A parameter is declared wrongly."),
    Entry("E0126", "A declaration stands where none is possible."),
    Entry("E0128", "A record is written wrongly."),
    Entry("E0130", "A range has no upper bound."),
    Entry("E0190", "The text form of the intermediate representation cannot be read."),
    Entry("E0192", "The intermediate representation breaks a rule."),
  ]

  private static let names = [
    Entry("E0201", "A name is not known here."),
    Entry("E0202", "A value has the wrong type."),
    Entry("E0203", "A name is defined twice."),
    Entry("E0204", "A call has too few or too many arguments."),
    Entry("E0205", "A call names a parameter that the function does not have, or names it twice."),
    Entry("E0206", "What is called, or used as a value, is of another kind."),
    Entry("E0207", "No form of a function or operator takes these arguments."),
    Entry("E0208", "A type is unknown or has the wrong arguments."),
    Entry("E0209", "A type has no such member, or an enum no such case."),
    Entry("E0210", "The result type of a recursive function must be written."),
    Entry("E0211", "A type cannot be inferred."),
    Entry("E0212", "What is assigned is no variable."),
    Entry("E0213", "A closure changes a variable that it has a copy of."),
    Entry("E0214", "A `match` does not cover every case."),
    Entry("E0215", "A block or function ends without the value that it must give."),
    Entry("E0216", "`break` or `continue` stands outside of a loop."),
    Entry("E0217", "A pattern does not match every value, or matches none."),
    Entry("E0220", "Data, a parameter or a constant is drawn with `~`; data are observed."),
    Entry("E0221", "A distribution stands where a value is expected; draw from it."),
    Entry("E0222", "An immutable name is drawn twice."),
    Entry("E0223", "A latent of an outer block is drawn again."),
    Entry("E0224", "The parameters of this distribution need labels."),
    Entry("E0225", "A distribution has no such parameter, or no such parametrisation."),
    Entry("E0226", "What follows `~` is no distribution that can stand there."),
    Entry("E0227", "The observed value is not of the type that the distribution gives."),
    Entry("E0228", "A continuous value is required to be equal to another one."),
    Entry("E0229", "Data with gaps are observed by a distribution over whole arrays."),
    Entry("E0230", "`with` suggests a proposal where none is possible."),
    Entry("E0231", "A function that must be pure has effects."),
    Entry("E0232", "A statement is possible only in models, or only at the top level."),
    Entry("E0233", "`debug` stands outside of a model or function."),
    Entry("E0234", "The program reads a tally."),
    Entry("E0235", "The domain of a `param` is wrong."),
    Entry("E0236", "`param` stands where none is possible, or has a type that cannot be learnt."),
    Entry("E0237", "A member of a posterior is used inside a model."),
    Entry("E0238", "`mem` has no function whose arguments can be remembered."),
    Entry("E0239", "A model or function uses a top-level value."),
    Entry("E0241", "`return` stands outside of a function or model."),
    Entry("E0242", "A struct contains itself."),
    Entry("E0243", "Generic parameters are wrong."),
    Entry("E0244", "A type has too many parts."),
    Entry("E0245", "`Transformed` does not stand directly after `~`."),
    Entry("E0246", "The scale of `Drift` is not a positive number that is written out."),
    Entry(
      "E0247", "A move is of no model, of one without named choices, or reads no argument of it."),
    Entry(
      "E0248", "The auxiliary draws of a move cannot be reached by name, or do more than draw."),
    Entry("E0249", "A distribution to propose from does not stand for one draw."),
  ]

  private static let runTime = [
    Entry("E0301", "A parameter of a distribution is outside its domain."),
    Entry("E0302", "An index is out of range."),
    Entry("E0303", "A range is out of bounds."),
    Entry("E0304", "An array cannot have this length."),
    Entry("E0305", "An integer overflows."),
    Entry("E0306", "An integer is divided by zero."),
    Entry("E0307", "A real cannot be converted to an integer."),
    Entry("E0308", "A matrix is not positive definite."),
    Entry("E0309", "An operation needs elements, and the array has none."),
    Entry("E0310", "A log-density is NaN; the expression that first made it is shown."),
    Entry("E0311", "The log-weight of a `factor` is NaN."),
    Entry("E0312", "An operation failed."),
    Entry("E0313", "A value that is missing is used."),
    Entry("E0314", "`fail` or `assert` stopped the program."),
    Entry("E0315", "The host grants no access to files."),
    Entry("E0316", "A probability is not between 0 and 1."),
    Entry("E0317", "The host has no such function."),
    Entry("E0318", "A posterior has no such variable."),
    Entry("E0319", "A text is not the number that it is read as."),
    Entry("E0320", "A function or a distribution of the app fails or gives NaN."),
    Entry("E0399", "An unexpected failure."),
  ]

  private static let data = [
    Entry("E0401", "A file is not JSON."),
    Entry("E0402", "A file cannot be read, is not text, or holds neither object nor array."),
    Entry("E0403", "A field is given twice."),
    Entry("E0404", "Data are nested too deeply."),
    Entry("E0405", "A table is malformed."),
    Entry("E0406", "`--set` is not written as name=value."),
    Entry("E0410", "Data that the model needs are missing."),
    Entry("E0411", "Data are given that the model does not have."),
    Entry("E0412", "A datum has the wrong type."),
    Entry("E0413", "A parameter is given twice."),
    Entry("E0414", "The rows of a matrix have different lengths."),
    Entry("E0415", "A parameter is outside its domain."),
    Entry("E0416", "A parameter of this type cannot come from data."),
    Entry("E0420", "An argument has neither value nor default."),
    Entry("E0430", "A file holds no result that can be read."),
    Entry("E0431", "A part of a result is missing or wrong."),
    Entry("E0432", "A checkpoint cannot be read."),
    Entry("E0433", "A checkpoint is of another run."),
    Entry("E0440", "A record is older than one that has been filtered."),
  ]

  private static let inference = [
    Entry("E0501", "A choice cannot be enumerated."),
    Entry("E0502", "The evidence is zero: no execution is compatible with the data."),
    Entry("E0503", "There are too many executions to enumerate."),
    Entry("E0504", "Too few prior draws meet a `require`."),
    Entry("E0510", "An exact marginal is asked for draws."),
    Entry("E0520", "Markov chains found no state of positive density to start from."),
    Entry("E0523", "`ellipticalSlice` cannot move a latent."),
    Entry("E0524", "A move is no involution: applied twice it does not give the state back."),
    Entry("E0525", "A move gives other choices than the model or its proposal draws."),
    Entry("E0526", "A move changes the number of reals."),
    Entry("E0527", "A move gives NaN, or its Jacobian is singular."),
    Entry("E0528", "A move is about a real that may have single values of positive probability."),
    Entry("E0550", "Predictions need draws, and the fit has tables of probabilities."),
    Entry("E0551", "Predictions meet ever new latents."),
    Entry("E0552", "Predictions need a latent that the fit does not have."),
    Entry("E0570", "A density may jump where its derivative is needed."),
    Entry(
      "E0571", "A parameter moves the support of a distribution, so that there is no derivative."),
    Entry("E0572", "An operation or distribution has no derivative here."),
    Entry("E0573", "A nested inference depends on what is differentiated."),
    Entry("E0574", "Derivatives in too many directions are asked for."),
    Entry("E0575", "A model has no `param` arguments to learn."),
    Entry("E0576", "A `param` cannot start at a value outside its domain."),
    Entry("E0577", "A method cannot be used for learning."),
    Entry("E0578", "The gradient is not finite."),
    Entry("E0579", "Expectation-maximisation has no closed form for a parameter."),
    Entry("E0580", "A model cannot be filtered record by record."),
    Entry("E0581", "A method cannot filter record by record."),
    Entry("E0582", "A model that is filtered has ended."),
    Entry("E0583", "A filter that a record has stopped cannot be kept."),
    Entry("E0590", "Transforms are composed in the wrong order."),
    Entry("E0591", "A model with `factor` has no forward simulation."),
    Entry("E0592", "Observed data are also read otherwise, so they cannot be simulated."),
    Entry("E0593", "A state cannot follow from the choices of its own step."),
    Entry("E0594", "The density of a nested inference is not known, so it cannot be moved."),
    Entry("E0595", "The state of a step cannot be found, or is not bounded."),
    Entry("E0596", "A smoothing method cannot handle the structure of the program."),
    Entry(
      "E0597", "Executions stand at different observations, so their states cannot be compared."),
    Entry("E0598", "A retained path cannot be repeated."),
    Entry("E0599", "The log-likelihood of single data is not known."),
  ]

  private static let limits = [
    Entry("E0601", "Recursion is too deep."),
    Entry("E0602", "The run has taken too many steps."),
    Entry("E0603", "The time limit is over."),
    Entry("E0604", "The run has too many generations."),
    Entry("E0605", "The run needs too much memory."),
    Entry("E0606", "The run has too many executions at once."),
    Entry("E0607", "A distribution has too many values to enumerate."),
    Entry("E0608", "Inferences are nested too deep."),
    Entry("E0609", "The program shows too much text."),
    Entry("E0699", "The run was interrupted."),
  ]

  private static let usage = [
    Entry("E0701", "The text of a method cannot be read, or the method cannot be run here."),
    Entry("E0702", "What should be a method is none."),
    Entry("E0703", "There is no such method."),
    Entry("E0704", "A method has no such option, or options lack their names."),
    Entry("E0705", "An option is given twice."),
    Entry("E0706", "An option has a value outside its domain."),
    Entry("E0707", "There is no such model, or it is not clear which one is meant."),
    Entry("E0708", "A command is used wrongly."),
    Entry("E0709", "A command of the prompt is used wrongly."),
    Entry("E0711", "The text of a kernel is wrong."),
    Entry("E0712", "A format cannot hold tables of probabilities."),
    Entry("E0713", "A result has no evidence to compare by."),
    Entry("E0714", "Runs of a method have no checkpoints."),
    Entry("E0715", "A result has no log-likelihoods of single data to leave out."),
    Entry("E0716", "Results that are compared datum by datum are not of the same data."),
    Entry("E0720", "The app defines a function or a distribution wrongly."),
    Entry("E0730", "An argument in a call of the C interface is not valid."),
  ]

  private static let warnings = [
    Entry("W0201", "Code is never reached."),
    Entry(
      "W0202", "An observed value depends on a random choice: this weighs it only."),
    Entry("W0203", "`factor` is given a density instead of its logarithm."),
    Entry("W0204", "A value is not used."),
    Entry("W0205", "A case is covered by those before it."),
    Entry("W0206", "A definition of the prompt does not fit a new one and is set aside."),
    Entry("W0401", "Columns of a table are not used."),
    Entry("W0501", "The weights are worth few draws."),
    Entry("W0502", "The retained path of particle Gibbs changes rarely."),
    Entry("W0503", "Executions failed and were given weight zero."),
    Entry("W0504", "Parameter moves of particle Gibbs are rarely accepted."),
    Entry("W0505", "A run was stopped; the result rests on the draws made before."),
    Entry("W0506", "Moves of a sampler changed few of the executions."),
    Entry("W0507", "A particle filter was stopped; the result is given the data up to there."),
    Entry("W0508", "A checkpoint cannot be written."),
    Entry("W0509", "Few proposals of `pmmh` or `msc` are accepted."),
    Entry("W0510", "Markov chains have not mixed: R-hat is above 1.01."),
    Entry("W0511", "The draws of Markov chains are worth fewer than 400 independent ones."),
    Entry("W0512", "Results that are compared are not of the same data."),
    Entry("W0513", "Models cannot be told apart by their evidence."),
    Entry("W0514", "Draws of a fit are impossible with the data of a prediction."),
    Entry("W0515", "Leave-one-out estimates rest on few draws: a Pareto k is above 0.7."),
    Entry("W0516", "Resampling has left few values of a parameter."),
    Entry("W0517", "Few groups of particles carry the weight."),
    Entry("W0520", "A latent never moved in any Markov chain."),
    Entry("W0521", "Some Markov chains never moved."),
    Entry("W0522", "Many proposals of a kernel failed."),
    Entry("W0570", "Learning ended before its stopping rule was met."),
    Entry("W0571", "An optimum is at the boundary of its domain."),
  ]

  private static let notes = [
    Entry("N0001", "What `debug` shows."),
    Entry("N0501", "The method that `auto` chose, and why."),
    Entry("N0502", "Prior mass that enumeration did not explore."),
    Entry("N0503", "Draws with weights were written for programs that ignore weights."),
    Entry("N0505", "The powers of the likelihood that tempering went through."),
    Entry("N0506", "How often parameters of `smc2` moved, and how large its filters became."),
    Entry("N0520", "How often the kernels of Markov chains were accepted."),
  ]
}
