import Foundation
import ScenarioFile
import Testing

@Suite("A scenario with one mistake is refused with its place, what was found and what is allowed")
struct BadScenarioTests {
    private func check(_ spoilt: Spoilt) throws {
        let mistakes = try Workshop().mistakes(replacing: spoilt.old, with: spoilt.new)
        #expect(mistakes == ["scenario.yaml:" + spoilt.mistake])
    }

    @Test("YAML", arguments: Corpus.yaml)
    func yaml(_ spoilt: Spoilt) throws { try check(spoilt) }

    @Test("numbers and units", arguments: Corpus.numbers)
    func numbers(_ spoilt: Spoilt) throws { try check(spoilt) }

    @Test("plans", arguments: Corpus.plans)
    func plans(spoilt: Spoilt) throws {
        #expect(
            try Workshop().mistakes(replacing: spoilt.old, with: spoilt.new) == [
                "scenario.yaml:" + spoilt.mistake
            ])
    }

    @Test("areas", arguments: Corpus.areas)
    func areas(_ spoilt: Spoilt) throws { try check(spoilt) }

    @Test("time", arguments: Corpus.time)
    func time(_ spoilt: Spoilt) throws { try check(spoilt) }

    @Test("names and references", arguments: Corpus.names + Corpus.starts)
    func names(_ spoilt: Spoilt) throws { try check(spoilt) }

    @Test("values that do not fit together", arguments: Corpus.values)
    func values(_ spoilt: Spoilt) throws { try check(spoilt) }
}
