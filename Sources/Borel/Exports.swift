import BorelBase

/// What is wrong with a program, its data or a request.
public typealias Diagnostic = BorelBase.Diagnostic
/// Several diagnostics thrown together.
public typealias Diagnostics = BorelBase.Diagnostics
/// A value of the language.
public typealias Value = BorelBase.Value
