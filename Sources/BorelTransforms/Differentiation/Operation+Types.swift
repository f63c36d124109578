import BorelIR

extension Operation {
  /// The operation with every type in its layouts replaced.
  func mapTypes(_ map: (IRType) -> IRType) -> Operation {
    func each(_ types: [IRType]) -> [IRType] { types.map(map) }
    switch self {
    case .arrayMake(let types): return .arrayMake(each(types))
    case .arrayFill(let types): return .arrayFill(each(types))
    case .arrayGet(let types): return .arrayGet(each(types))
    case .arraySet(let types): return .arraySet(each(types))
    case .arrayAppend(let types): return .arrayAppend(each(types))
    case .arrayConcat(let types): return .arrayConcat(each(types))
    case .arraySlice(let types): return .arraySlice(each(types))
    case .boxMake(let tag, let types): return .boxMake(tag: tag, each(types))
    case .boxFields(let tag, let first, let types):
      return .boxFields(tag: tag, first: first, each(types))
    case .closureMake(let function, let types): return .closureMake(function, each(types))
    case .modelMake(let function, let types): return .modelMake(function, each(types))
    case .equal(let types): return .equal(each(types))
    case .memoFind(let key, let value): return .memoFind(key: each(key), value: each(value))
    case .memoStore(let key, let value): return .memoStore(key: each(key), value: each(value))
    default: return self
    }
  }
}
