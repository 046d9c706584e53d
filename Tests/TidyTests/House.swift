import Foundation
import TestSupport

/// The checkout as text: what the tidy tests read.
enum House {
    struct File {
        /// From the root, such as `Sources/Nouns/Grid/Balanced/Network.swift`.
        let path: String
        let lines: [Substring]
        /// The target it belongs to: in `Sources` and `Tests` the folder on a floor.
        var room: String { String(path.split(separator: "/")[2]) }

        /// The modules it imports. Imports stand in the first column, after attributes and an access level;
        /// in a file that is compiled on a condition they are indented once.
        var imports: Set<String> { imports(onlyPublic: false) }

        /// The modules whose types stand in its public signatures.
        var publicImports: Set<String> { imports(onlyPublic: true) }

        private func imports(onlyPublic: Bool) -> Set<String> {
            var modules: Set<String> = []
            let indentation = lines.first?.hasPrefix("#if ") ?? false ? "    " : ""
            for line in lines.filter({ $0.hasPrefix(indentation) }).map({ $0.dropFirst(indentation.count) })
            where line.utf8.first.map({ $0 != UInt8(ascii: " ") }) ?? false {
                let words = line.split(separator: " ")
                guard let keyword = words.firstIndex(of: "import"), words.count > keyword + 1,
                    words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
                else { continue }
                // A single declaration is imported as `import struct Foundation.URL`.
                let isOne = Self.kinds.contains(words[keyword + 1]) && words.count > keyword + 2
                guard !onlyPublic || words.first == "public" else { continue }
                modules.insert(String(words[isOne ? keyword + 2 : keyword + 1].prefix { $0 != "." }))
            }
            return modules
        }

        private static let accessLevels: Set<Substring> = [
            "public", "package", "internal", "private", "fileprivate",
        ]
        private static let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
        ]
    }

    static func swiftFiles(in folders: String...) -> [File] {
        folders.flatMap { folder in
            let base = Checkout.root.appending(path: folder)
            let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name -> File? in
                guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                return File(
                    path: "\(folder)/\(name)",
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false))
            }
        }
    }

    static let floors = ["Maths", "Nouns", "Verbs", "Loop", "Doors"]

    /// The targets of `Package.swift`.
    static let targets = manifest?.targets ?? []
    /// The names of its library products, each that of its one target.
    static let products = Set(manifest?.products.map(\.name) ?? []).subtracting(["karst"])

    private static let manifest = try? JSONDecoder().decode(
        Manifest.self, from: Data(packageOutput(at: "", "dump-package").utf8))

    /// What a command of `swift package` prints about the package in a folder of the checkout.
    static func packageOutput(at folder: String, _ command: String...) -> String {
        let swift = Process()
        let output = Pipe()
        let scratch = FileManager.default.temporaryDirectory.path + "/karst-tidy/\(folder)"
        swift.executableURL = URL(filePath: "/usr/bin/env")
        swift.arguments =
            ["swift", "package", "--package-path", Checkout.root.appending(path: folder).path]
            + ["--scratch-path", scratch] + command
        // `ROOM` would leave out the tests of all other rooms; without `KARST_MQTT` a room is missing.
        swift.environment = ProcessInfo.processInfo.environment.filter { $0.key != "ROOM" }
        swift.environment!["KARST_MQTT"] = "1"
        swift.standardOutput = output
        guard (try? swift.run()) != nil else { return "" }
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    private struct Manifest: Decodable {
        let targets: [Target]
        let products: [Product]
    }

    private struct Product: Decodable {
        let name: String
    }

    /// One target with the modules its line names.
    struct Target: Decodable {
        let name: String
        let type: String
        let path: String
        let imports: Set<String>

        private enum Key: CodingKey { case name, type, path, dependencies }
        private enum Kind: CodingKey { case byName, product, target }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            name = try container.decode(String.self, forKey: .name)
            type = try container.decode(String.self, forKey: .type)
            path = try container.decode(String.self, forKey: .path)
            var list = try container.nestedUnkeyedContainer(forKey: .dependencies)
            var imports: Set<String> = []
            while !list.isAtEnd {
                let dependency = try list.nestedContainer(keyedBy: Kind.self)
                let kind = dependency.allKeys[0]
                var words = try dependency.nestedUnkeyedContainer(forKey: kind)
                imports.insert(try words.decode(String.self))
            }
            self.imports = imports
        }
    }
}
