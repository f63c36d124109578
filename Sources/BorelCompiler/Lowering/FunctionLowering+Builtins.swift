import BorelBase
import BorelIR

extension FunctionLowering {
  func lower(
    _ builtin: Builtin, _ arguments: [TypedExpression], _ expression: TypedExpression
  ) -> Words {
    let span = expression.span
    switch builtin {
    case .arrayCount, .arrayIsEmpty, .arrayGet, .arraySet, .arrayAppend, .arrayConcat,
      .arraySlice, .arrayFill, .arrayFirst, .arrayLast:
      return lowerArrayOperation(builtin, arguments, expression)
    case .enumerated:
      let source = ArraySource(self, arguments[0])
      return [
        buildArray(count: source.count(self, span), [.int] + source.layout, at: span) { index in
          [index] + source.element(index, self, span)
        }
      ]
    case .zip:
      let first = ArraySource(self, arguments[0])
      let second = ArraySource(self, arguments[1])
      let count = checkedCount([first, second], at: span)
      return [
        buildArray(count: count, first.layout + second.layout, at: span) { index in
          first.element(index, self, span) + second.element(index, self, span)
        }
      ]
    case .range, .closedRange:
      return [lowerRange(arguments, isClosed: builtin == .closedRange, span)]
    case .equal, .notEqual:
      let left = lower(arguments[0])
      let right = lower(arguments[1])
      let test = builtin == .equal ? equal : notEqual
      return [test(left, right, arguments[0].type, span)]
    case .isNil: return [primitive("not", [lowerWord(arguments[0])], .bool, at: span)]
    case .unwrap:
      let words = lower(arguments[0])
      guard let flag = words.first else { return zeros(expression.type, at: span) }
      let isAbsent = primitive("not", [flag], .bool, at: span)
      stop(when: isAbsent, at: span) { fail("a value is needed, found nil", at: span) }
      return Array(words.dropFirst())
    case .describe: return [describe(arguments[0])]
    case .fail:
      builder.append(.fail(""), lower(arguments[0]), results: [], at: span)
      builder.returnValues(resultLayout.map { builder.zero($0, at: span) }, at: span)
      return zeros(expression.type, at: span)
    case .assert:
      let fails = primitive("not", [lowerWord(arguments[0])], .bool, at: span)
      stop(when: fails, at: span) {
        let message = arguments.count > 1 ? lower(arguments[1]) : []
        let start = message.isEmpty ? "assertion failed" : ""
        builder.append(.fail(start), message, results: [], at: span)
      }
      return []
    }
  }

  private func lowerArrayOperation(
    _ builtin: Builtin, _ arguments: [TypedExpression], _ expression: TypedExpression
  ) -> Words {
    let span = expression.span
    let results = layout(expression.type)
    if builtin == .arrayFill {
      let value = lower(arguments[0])
      let count = lowerWord(arguments[1])
      let element = layout(arguments[0].type)
      return builder.append(.arrayFill(element), [count] + value, results: results, at: span)
    }
    guard case .array(let elementType) = type(arguments[0].type) else {
      // The array does not complete.
      _ = arguments.map { lower($0) }
      return zeros(expression.type, at: span)
    }
    let element = owner.types.layout(elementType)
    let operands = arguments.flatMap { lower($0) }
    switch builtin {
    case .arrayCount: return builder.append(.arrayCount, operands, results: results, at: span)
    case .arrayIsEmpty:
      let count = builder.appendValue(.arrayCount, operands, .int, at: span)
      return [primitive("equal.int", [count, builder.int(0, at: span)], .bool, at: span)]
    case .arrayFirst, .arrayLast:
      return lowerEnd(operands[0], element, isFirst: builtin == .arrayFirst, expression)
    case .arrayGet:
      return builder.append(.arrayGet(element), operands, results: results, at: span)
    case .arraySet:
      return builder.append(.arraySet(element), operands, results: results, at: span)
    case .arrayAppend:
      return builder.append(.arrayAppend(element), operands, results: results, at: span)
    case .arrayConcat:
      return builder.append(.arrayConcat(element), operands, results: results, at: span)
    default: return builder.append(.arraySlice(element), operands, results: results, at: span)
    }
  }

  /// The first or last element, nil when there is none.
  private func lowerEnd(
    _ array: ValueID, _ element: [IRType], isFirst: Bool, _ expression: TypedExpression
  ) -> Words {
    let span = expression.span
    let count = builder.appendValue(.arrayCount, [array], .int, at: span)
    let zero = builder.int(0, at: span)
    let isThere = primitive("greater.int", [count, zero], .bool, at: span)
    return lowerChoice(on: isThere, expression.type, span) {
      var index = builder.int(0, at: span)
      if !isFirst {
        index = primitive("subtract.int", [count, builder.int(1, at: span)], .int, at: span)
      }
      let words = builder.append(.arrayGet(element), [array, index], results: element, at: span)
      return [builder.bool(true, at: span)] + words
    } otherwise: {
      zeros(expression.type, at: span)
    }
  }

  private func lowerRange(_ bounds: [TypedExpression], isClosed: Bool, _ span: Span) -> ValueID {
    let (first, end) = rangeBounds(bounds[0], bounds[1], isClosed: isClosed, span)
    let type = IRType.array([.int])
    let array = builder.makeVariable(type)
    builder.write(array, builder.appendValue(.arrayMake([.int]), [], type, at: span))
    countingLoop(from: first, to: end, isClosed: isClosed, at: span) { index in
      let old = builder.read(array)
      builder.write(
        array, builder.appendValue(.arrayAppend([.int]), [old, index], type, at: span))
    }
    return builder.read(array)
  }

  func lower(
    _ operation: HostOperation, _ arguments: [TypedExpression], _ expression: TypedExpression
  ) -> Words {
    let words = arguments.flatMap { lower($0) }
    if operation == .print {
      let shape = Shape.tuple(arguments.map { self.shape($0.type) })
      return builder.append(.print(shape), words, results: [], at: expression.span)
    }
    let results = layout(expression.type)
    return builder.append(
      .host(operation.rawValue, results), words, results: results, at: expression.span)
  }
}
