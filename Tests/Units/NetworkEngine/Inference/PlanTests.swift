import SeededNoise
import Testing

@testable import NetworkEngine
@testable import NetworkModel

/// What a plan's steps are, apart from what they compute.
struct PlanTests {
  /// The number of threads is changed once for all dense layers that follow each other, however many pictures.
  @Test(arguments: [1, 8]) func denseLayersAreOneStretch(_ batch: Int) throws {
    var noise = Noise(21)
    var graph = try ModelGraph(
      name: "test", inputShape: [6, 6, 1],
      sequence: [
        (
          "first",
          .convolution(filters: 4, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu())
        ),
        ("flat", .flatten(pixelsFirst: false)), ("dense", .dense(units: 5, bias: true, .relu())),
        ("middle", .dense(units: 4, bias: true, .linear)), ("last", .dense(units: 3, bias: true, .softmax)),
      ])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        try graph.setWeight(weight.name, ofLayer: index, to: noise.values(weight.shape.reduce(1, *)))
      }
    }
    let plan = try Network(graph, threads: 2).plan(batch)
    #expect(plan.steps.count { $0.threadLimit == 1 } == 3 * batch)
    #expect(plan.stretches.count { $0.threadLimit == 1 } == 1)
    #expect(plan.stretches.flatMap { $0.steps } == Array(plan.steps.indices))
    for stretch in plan.stretches {
      #expect(stretch.steps.allSatisfy { plan.steps[$0].threadLimit == stretch.threadLimit })
    }
  }
}
