import Optimization

// Several worlds that share what is done first. With the programs of the worlds w of probability 1/W, and a
// number of first steps in which some variables must be the same in all worlds:
//
//     minimise   Σ_w 1/W·(c_wᵀx_w + ½ x_wᵀQ_w x_w)   subject to  A_w·x_w = b_w,  l_w ≤ x_w ≤ u_w,
//                x_w,j = x_0,j   for the shared j.
//
// Stage t holds all worlds' stages side by side, so that the band is W times as wide. In every stage
// stand rows
// for the shared variables; after the first steps they have a free partner and bind nothing.

/// The joint program of worlds of one shape and scale: its matrix worked out once, its numbers filled in for
/// each problem.
struct StochasticProgram {
    private(set) var program: ConvexProgram
    private let shape: HorizonProgram.Shape
    private let worlds: Int
    private let shared: [Int]
    private let steps: Int
    private let width: Int
    private let height: Int
    /// Of each entry of the matrix the world and the place its value comes from; of the rows that join, none.
    private let sources: [(world: Int, entry: Int)?]

    private var joints: Int { shared.count * (worlds - 1) }
    private var stageWidth: Int { worlds * width + joints }
    private var stageHeight: Int { worlds * height + joints }

    /// `shared`: columns of a step, the same in all worlds for the first `steps`.
    init(_ first: HorizonProgram, worlds: Int, shared: [Int], steps: Int) {
        (shape, self.worlds, self.shared, self.steps) = (first.shape, worlds, shared, steps)
        (width, height) = (first.width, first.height)
        let (width, joints) = (first.width, shared.count * (worlds - 1))
        let stageWidth = worlds * width + joints
        let matrix = first.program.matrix
        var rows: [[HorizonProgram.Entry]] = []
        var sources: [(Int, Int)?] = []
        for step in 0..<first.shape.steps {
            for w in 0..<worlds {
                for row in step * first.height..<(step + 1) * first.height {
                    let entries = matrix.pattern.start[row]..<matrix.pattern.start[row + 1]
                    rows.append(
                        entries.map { e in
                            let j = matrix.pattern.column[e]
                            return (j / width * stageWidth + w * width + j % width, 0)
                        })
                    sources += entries.map { (w, $0) }
                }
            }
            for (k, (column, w)) in Self.joints(shared, worlds).enumerated() {
                let at = step * stageWidth
                rows.append([
                    (at + w * width + column, 1), (at + column, -1), (at + worlds * width + k, 1),
                ])
                sources += [nil, nil, nil]
            }
        }
        self.sources = sources
        program = ConvexProgram(matrix: SparseRows(columns: first.shape.steps * stageWidth, rows: rows))
        for step in 0..<first.shape.steps {
            for k in 0..<joints {
                let partner = step * stageWidth + worlds * width + k
                // Powers are of the size of one.
                let reach = step < steps ? 0.0 : 4
                (program.lower[partner], program.upper[partner]) = (-reach, reach)
            }
        }
    }

    /// Whether worlds of these kinds have this matrix.
    func fits(_ first: HorizonProgram, worlds: Int, shared: [Int], steps: Int) -> Bool {
        shape == first.shape && self.worlds == worlds && self.shared == shared && self.steps == steps
    }

    mutating func fill(_ forms: [HorizonProgram]) {
        let weight = 1 / Double(worlds)
        for (at, source) in sources.enumerated() {
            guard let source else { continue }
            program.matrix.values[at] = forms[source.world].program.matrix.values[source.entry]
        }
        for (w, form) in forms.enumerated() {
            for step in 0..<shape.steps {
                for i in 0..<height {
                    program.rightHandSide[step * stageHeight + w * height + i] =
                        form.program.rightHandSide[step * height + i]
                }
                for j in 0..<width {
                    let (from, at) = (step * width + j, step * stageWidth + w * width + j)
                    program.cost[at] = weight * form.program.cost[from]
                    program.quadratic[at] = weight * form.program.quadratic[from]
                    program.lower[at] = form.program.lower[from]
                    program.upper[at] = form.program.upper[from]
                }
            }
        }
    }

    private static func joints(_ shared: [Int], _ worlds: Int) -> [(column: Int, world: Int)] {
        (1..<worlds).flatMap { w in shared.map { ($0, w) } }
    }

    /// The value of column `j` of a step in the first world.
    func value(_ solution: Solution, _ step: Int, _ j: Int) -> Double { solution.x[step * stageWidth + j] }
}
