import Foundation
import ScenarioFile
import Testing

@Suite("Files that are not what they should be")
struct FileTests {
    @Test("a scenario that is not a file")
    func scenarioPath() throws {
        let workshop = try Workshop()
        func reason(_ path: String) -> String {
            do throws(ScenarioMistakes) {
                _ = try ScenarioFile.load(path: path)
                return "none"
            } catch {
                return error.description.replacingOccurrences(of: workshop.folder.path, with: "")
            }
        }
        #expect(reason(workshop.folder.path) == ": error: this is a folder, not a file\n1 error")
        #expect(
            reason(workshop.folder.path + "/none.yaml") == "/none.yaml: error: there is no such file\n1 error"
        )
        #expect(
            reason("/dev/zero") == "/dev/zero: error: this is a device, pipe or socket, not a file\n1 error")
        let pipe = workshop.folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(reason(pipe) == "/pipe: error: this is a device, pipe or socket, not a file\n1 error")
        #expect(reason("") == ": error: there is no such file\n1 error")
    }

    @Test(
        "a table whose shape or values are wrong tells its own line and column",
        arguments: [
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12\n",
                "curve.csv:3: error: 1 cell, but the header has 2"
            ),
            (
                "curve.csv", "speed_m_s\n3\n12\n",
                "curve.csv:1: error: there is no column 'power_kw'; there are 'speed_m_s'"
            ),
            (
                "curve.csv", "speed_m_s,power_kw,power_kw\n3,0,0\n12,1,1\n",
                "curve.csv:1: error: two columns are called 'power_kw'"
            ),
            (
                "curve.csv", "speed_m_s;power_kw\n3;0\n12;250\n",
                "curve.csv:1: error: the separator is a comma, but this line has a semicolon"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,\"2,5\"\n",
                "curve.csv:3:4: error: power_kw: '2,5' is not a number; write a decimal point, and no sign between thousands"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,\"250\n",
                "curve.csv:3:4: error: the quote is not closed on its line"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n3,250\n",
                "curve.csv:3:1: error: speed_m_s: speeds must increase from row to row"
            ),
            (
                "curve.csv", "speed_m_s,power_kw\n3,0\n12,25\0\n",
                "curve.csv:3: error: the line holds a NUL byte; save the file as text in UTF-8"
            ),
            ("curve.csv", "speed_m_s,power_kw\n", "curve.csv:1: error: the table has no rows"),
            ("curve.csv", "", "curve.csv: error: the file is empty"),
            (
                "shapes.csv", "month,day_type,hour,flat\n1,holiday,0,1\n",
                "shapes.csv:2:3: error: day_type: 'holiday' is not a day_type; allowed are workday, weekend"
            ),
            (
                "shapes.csv", "month,day_type,hour,flat\n1,workday,0,1\n",
                "shapes.csv:1: error: the table has 1 rows; 12 months × workday, weekend × 24 hours are 576"
            ),
        ])
    func tables(name: String, text: String, mistake: String) throws {
        let workshop = try Workshop()
        try workshop.write(name, text)
        #expect(workshop.mistakes().first == mistake)
    }

    @Test("carriage returns alone end lines too")
    func carriageReturns() throws {
        let workshop = try Workshop()
        try workshop.write("curve.csv", "speed_m_s,power_kw\r3,0\r12,250\r")
        #expect(workshop.mistakes().isEmpty)
    }
}
