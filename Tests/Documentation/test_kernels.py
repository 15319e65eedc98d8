"""Every C kernel that has versions for instruction levels is compared by `make test-cross`.

Standard library only.
"""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = ("CCascade", "CLayers")


class Kernels(unittest.TestCase):
    def test_each_is_compared(self):
        headers = "".join(path.read_text() for target in TARGETS for path in (ROOT / "Sources" / target / "include").glob("*.h"))
        kernels = re.findall(r"^\w[\w ]*?\**(c\w+)\(cp_level level,", headers, re.M)
        self.assertGreater(len(kernels), 12, kernels)
        program = "".join(path.read_text() for path in (ROOT / "Tests" / "Portability" / "Kernels").glob("*.c"))
        self.assertEqual([name for name in kernels if not re.search(rf"\b{name}\(", program)], [])

    def test_each_comparison_is_run(self):
        folder = ROOT / "Tests" / "Portability" / "Kernels"
        comparisons = re.findall(r"^int64_t (\w+)\(cp_level level\);", (folder / "levels.h").read_text(), re.M)
        self.assertGreater(len(comparisons), 3)
        for name in comparisons:
            self.assertIn(f"failed |= {name}(level) == 0;", (folder / "levels.c").read_text())

    def test_make_knows_the_targets(self):
        listed = re.search(r"^KERNELS := (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split()
        versions = {path.parent.name for path in (ROOT / "Sources").glob("C*/*_plain.c")}
        self.assertEqual(versions, set(TARGETS))
        self.assertLessEqual(versions, set(listed))


if __name__ == "__main__":
    unittest.main()
