import Testing
import UnitFile
