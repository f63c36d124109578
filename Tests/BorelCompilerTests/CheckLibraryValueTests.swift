import Testing

@Test func libraryListFunctionsGiveTheirValues() throws {
  try expectPrints(
    """
    print([1, 2, 3].map { $0 * 2 }, [1, 2].mapIndexed { i, x in i + x }, flatMap([1]) { [$0, $0] })
    // expect: [2, 4, 6] [1, 3] [1, 1]
    print([1, 2, 3].filter { $0 > 1 }, compact([1, nil, 3]), fold([1, 2, 3], 0.5) { a, x in a + x })
    // expect: [2, 3] [1, 3] 6.5
    print(scan([1, 2, 3], 0) { a, x in a + x }, zipWith([1, 2], [3, 4]) { a, b in a * b })
    // expect: [0, 1, 3, 6] [3, 8]
    print(tabulate(3) { i in i * i }, stride(0, 10, 3), stride(5, 0, -2), reversed([1, 2, 3]))
    // expect: [0, 1, 4] [0, 3, 6, 9] [5, 3, 1] [3, 2, 1]
    print(take([1, 2, 3], 2), drop([1, 2, 3], 2), take([1], 5), drop([1], 5), flatten([[1], [2]]))
    // expect: [1, 2] [3] [1] [] [1, 2]
    print(removing([1, 2, 3], at: 1), inserting([1, 3], 2, at: 1), swapping([1, 2, 3], 0, 2))
    // expect: [1, 3] [1, 2, 3] [3, 2, 1]
    print(gather([5, 6, 7], [2, 0]), reduce([1, 2], 0) { a, x in a + x })
    // expect: [7, 5] 3
    """)
}

@Test func librarySearchFunctionsGiveTheirValues() throws {
  try expectPrints(
    """
    print(contains([1, 2], 2), indexOf(["a", "b"], "b"), indexWhere([1, 2]) { $0 > 5 })
    // expect: true 1 nil
    print(find([1, 2]) { $0 > 1 }, all([1, 2]) { $0 > 0 }, any([1, 2]) { $0 > 3 })
    // expect: 2 true false
    print(count([1, 2, 3]) { $0 > 1 }, sumOf([1, 2]) { $0 * 0.5 }, maxBy([1, -3, 2]) { abs($0) })
    // expect: 2 1.5 -3
    print(minBy([1, -3, 2]) { $0 * 1.0 }, sorted([3, 1, 2]), sorted(["b", "a"]), unique([1, 1, 2]))
    // expect: -3 [1, 2, 3] ["a", "b"] [1, 2]
    print(sortedBy([3, 1, 2]) { a, b in a > b }, counts([0, 1, 1], 2))
    // expect: [3, 2, 1] [1, 2]
    print(histogram([0.1, 0.5, 1.0], 0, 1, 2), groupBy([1, 2, 3], 2) { $0 % 2 })
    // expect: [1, 2] [[2], [1, 3]]
    """)
}

@Test func libraryNumericsGiveTheirValues() throws {
  try expectPrints(
    """
    print(linspace(0, 1, 5), logMeanExp([0, 0]), interpolate(1.5, [1, 2], [10, 20]))
    // expect: [0.0, 0.25, 0.5, 0.75, 1.0] 0.0 15.0
    print(polynomial(2, [1, 0, 3]), differences([1, 4, 9]), differences([] as [Real]))
    // expect: 13.0 [3.0, 5.0] []
    print(abs(rk4(0, [1], 0.1) { t, y in y }[0] - exp(0.1)) < 1e-6)
    // expect: true
    print(abs(bisect(0, 2) { x in x * x - 2 } - sqrt(2)) < 1e-9)
    // expect: true
    print(abs(integrate(0, 1) { x in x * x } - 1 / 3) < 1e-12)
    // expect: true
    print(correlation([1, 2, 3], [2, 4, 6]), standardize([1, 2, 3]), movingAverage([1, 2, 3], 2))
    // expect: 1.0 [-1.0, 0.0, 1.0] [1.5, 2.5]
    print(pairs([1, 2, 3]), rowArrays(matrix([[1, 2], [3, 4]])))
    // expect: [(1, 2), (2, 3)] [[1.0, 2.0], [3.0, 4.0]]
    """)
}

@Test func libraryRandomFunctionsKeepWhatIsFixed() throws {
  try expectPrints(
    """
    print(flip(1.0), uniformDraw(["a"]), weightedDraw([1, 2], [0, 1]), mixtureDraw([1], [Delta(3)]))
    // expect: true a 2 3
    print(draws(Delta(2), 3), sorted(shuffle([1, 2, 3])), sum(permutation(4)), shuffle([] as [Int]))
    // expect: [2, 2, 2] [1, 2, 3] 6 []
    print(subset([1, 2, 3], 2).count, chain(1, 3) { s in s * 2 }, crpPartition(4, 1).count)
    // expect: 2 [1, 2, 4, 8] 4
    print(seat([1, 2], 2), seat([1, 2], 0), unseat([1, 2], 1), stickLengths([0.5, 0.5]))
    // expect: [1, 2, 1] [2, 2] [1, 1] [0.5, 0.25]
    """)
}
