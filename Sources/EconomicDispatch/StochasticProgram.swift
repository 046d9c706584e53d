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

/// The joint program of worlds of one shape and scale.
struct StochasticProgram {
    let program: ConvexProgram
    private let width: Int
    private let stageWidth: Int

    /// `shared`: columns of a step, the same in all worlds for the first `steps`.
    init(_ worlds: [HorizonProgram], shared: [Int], steps: Int) {
        let (first, count) = (worlds[0], worlds.count)
        let joints = shared.count * (count - 1)
        width = first.width
        stageWidth = count * first.width + joints
        let (stageWidth, width) = (stageWidth, width)
        /// Column `j` of the program of world w, in the joint program.
        func place(_ j: Int, _ w: Int) -> Int { j / width * stageWidth + w * width + j % width }
        var rows: [[HorizonProgram.Entry]] = []
        var rightHandSide: [Double] = []
        for step in 0..<first.shape.steps {
            for (w, world) in worlds.enumerated() {
                let matrix = world.program.matrix
                for row in step * first.height..<(step + 1) * first.height {
                    rows.append(
                        (matrix.pattern.start[row]..<matrix.pattern.start[row + 1]).map {
                            (place(matrix.pattern.column[$0], w), matrix.values[$0])
                        })
                    rightHandSide.append(world.program.rightHandSide[row])
                }
            }
            for (k, (column, w)) in Self.joints(shared, count).enumerated() {
                let at = step * width + column
                let partner = step * stageWidth + count * width + k
                rows.append([(place(at, w), 1), (place(at, 0), -1), (partner, 1)])
                rightHandSide.append(0)
            }
        }
        var joint = ConvexProgram(matrix: SparseRows(columns: first.shape.steps * stageWidth, rows: rows))
        joint.rightHandSide = rightHandSide
        let weight = 1 / Double(count)
        for (w, world) in worlds.enumerated() {
            for j in 0..<world.program.variables {
                let at = place(j, w)
                joint.cost[at] = weight * world.program.cost[j]
                joint.quadratic[at] = weight * world.program.quadratic[j]
                joint.lower[at] = world.program.lower[j]
                joint.upper[at] = world.program.upper[j]
            }
        }
        for step in 0..<first.shape.steps {
            for k in 0..<joints {
                let partner = step * stageWidth + count * width + k
                // Powers are of the size of one.
                let reach = step < steps ? 0.0 : 4
                (joint.lower[partner], joint.upper[partner]) = (-reach, reach)
            }
        }
        program = joint
    }

    private static func joints(_ shared: [Int], _ worlds: Int) -> [(column: Int, world: Int)] {
        (1..<worlds).flatMap { w in shared.map { ($0, w) } }
    }

    /// The value of column `j` of a step in the first world.
    func value(_ solution: Solution, _ step: Int, _ j: Int) -> Double { solution.x[step * stageWidth + j] }
}
