import Foundation
import TestSupport

/// A folder in which the command lines of the documents run: it holds the files that they name.
enum Workspace {
    /// Files of the checkout that stand for those of the documents.
    private static let files = [
        "case33bw.m": "powerflow/ieee33/case.m", "FEEDER.m": "powerflow/ieee33/case.m",
        "feeder.m": "powerflow/ieee33/case.m", "case118.m": "powerflow/ieee118/case.m",
        "units.csv": "dispatch/ed_6_loss.csv", "B.csv": "dispatch/ed_6_loss_B.csv",
        "B0.csv": "dispatch/ed_6_loss_B0.csv", "zones.csv": "dispatch/ed_6_loss_zones.csv",
        "valves.csv": "dispatch/ed_40_valve.csv",
    ]
    private static let profile = "step,2_scale,18_kw\n0,1,90\n1,1.1,120\n2,0.5,60\n"

    private static let controls = """
        tap_changers:
          - {branch: 6-7, bus: 18, voltage: 0.97 pu, deadband: 2 %}
        capacitors:
          - {bus: 30, stage: 300 kvar, stages: 2, voltage: {bus: 30, on: 0.95 pu, off: 1.02 pu}}

        """

    /// A new folder: scenarios in steps of an hour, the year of the valley cut to a day; cases; units; a run
    /// of the first day.
    static func make() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let manager = FileManager.default
        let names = try manager.contentsOfDirectory(atPath: template.get().url.path)
        for name in names {
            try manager.copyItem(atPath: template.get().path(name), toPath: folder.path(name))
        }
        return folder
    }

    private static let template = Result { try makeTemplate() }

    private static func makeTemplate() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let manager = FileManager.default
        for name in ["Tests", "Examples"] {
            try manager.createSymbolicLink(
                at: folder.url.appending(path: name),
                withDestinationURL: Checkout.root.appending(path: name))
        }
        try manager.copyItem(
            at: Checkout.root.appending(path: "Scenarios"), to: folder.url.appending(path: "Scenarios"))
        for name in try manager.contentsOfDirectory(atPath: folder.path("Scenarios")) {
            let path = folder.path("Scenarios/\(name)/scenario.yaml")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("duration: 1 year", with: "duration: 1 day")
                .replacing("step: 15 min", with: "step: 1 h")
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        let valley = folder.url.appending(path: "Scenarios/wujiang-valley")
        for name in try manager.contentsOfDirectory(atPath: valley.path) {
            try manager.copyItem(atPath: valley.appending(path: name).path, toPath: folder.path(name))
        }
        for (name, source) in files {
            try manager.copyItem(
                atPath: Checkout.golden.appending(path: source).path, toPath: folder.path(name))
        }
        try manager.copyItem(
            at: Checkout.root.appending(path: "Examples/my_dispatch.py"),
            to: folder.url.appending(path: "my_dispatch.py"))
        for name in ["year.csv", "YEAR.csv"] { _ = try folder.write(profile, to: name) }
        _ = try folder.write(controls, to: "controls.yaml")
        for name in ["feeder.json", "network.json"] {
            _ = try Karst.run("convert", "case33bw.m", "--to", "pandapower", "--output", name, in: folder.url)
        }
        _ = try Karst.run("run", "Scenarios/first-day/scenario.yaml", "--quiet", in: folder.url)
        return folder
    }
}
