import FindingsExport
import Testing
