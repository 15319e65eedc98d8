"""What the Tab key offers in bash: the completion files are sourced and called as bash calls them.

Standard library only; the tools as for test_documentation.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from test_documentation import BIN, COMPLETIONS, ROOT, TOOLS

# Prints what the completion function offers for the words given, the last one being completed, as readline asks for it.
PRESS = r"""
tool=$1
source "$0"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
_"$tool" "$tool" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
FILES = ("a.keras", "b.h5", "cascade.xml", "notes.txt", "recipe.json", "faces/one.png", "opencv/haarcascade_made.xml")

# The words, the last one unfinished; what is offered among others; what is not.
PRESSES = (
    (("fm-detect", "-c", ""), {"made", "cascade.xml", "faces"}, {"notes.txt", "haarcascade_made"}),
    (("fm-detect", "--nested", "m"), {"made"}, {"cascade.xml"}),
    (("fm-classify", "-m", ""), {"expressions", "ferplus", "a.keras", "b.h5", "faces"}, {"notes.txt", "cascade.xml"}),
    (("fm-classify", "--precision", ""), {"auto", "f32", "bf16", "int8"}, set()),
    (("fm-export", ""), {"write", "compare", "notes.txt"}, set()),
    (("fm-export", "-f", ""), {"csv", "eaf", "html"}, {"notes.txt"}),
    (("fm-export", "a.ndjson", "--min"), {"--min-duration", "--min-confidence"}, {"--raw"}),
    (("fm-train", ""), {"fit", "evaluate", "compare", "a.keras"}, {"--epochs"}),
    (("fm-train", "--e"), {"--epochs", "--early-stopping"}, {"evaluate"}),
    (("fm-train", "m.keras", ""), {"faces"}, {"evaluate", "notes.txt", "--version"}),
    (("fm-train", "m.keras", "faces", "--sch"), {"--schedule"}, {"--seed"}),
    (("fm-train", "m.keras", "faces", "--schedule", ""), {"constant", "cosine"}, {"evaluate", "faces"}),
    (("fm-train", "m.keras", "faces", "--recipe", ""), {"fer2013", "ferplus", "recipe.json"}, {"a.keras", "evaluate"}),
    (("fm-train", "--recipe", "fer"), {"fer2013", "ferplus"}, {"recipe.json", "--version"}),
    (("fm-train", "fit", "m.keras", "faces", "--ep"), {"--epochs"}, {"--erasing"}),
    (("fm-train", "tune", "--tri"), {"--trials", "--trial-seed"}, {"--recipe"}),
    (("fm-train", "evaluate", "a"), {"a.keras"}, {"b.h5", "evaluate"}),
)


class CompletionTests(unittest.TestCase):
    def setUp(self):
        if BIN is None or not shutil.which("bash"):
            self.skipTest("the tools are not built, or bash is not installed")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in FILES:
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.touch()

    def press(self, *words):
        """What bash would offer for the last word."""
        return set(subprocess.run(
            ["bash", "-c", PRESS, str(ROOT / "completions" / f"{words[0]}.bash"), *words], cwd=self.folder, text=True,
            capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=60,
            env=os.environ | {"PATH": f"{BIN.resolve()}:{os.environ['PATH']}",
                              "FM_CASCADE_PATH": str(self.folder / "opencv")}).stdout.split("\n")) - {""}

    def test_tab_offers(self):
        for words, offered, withheld in PRESSES:
            with self.subTest(" ".join(words)):
                found = self.press(*words)
                self.assertLessEqual(offered, found)
                self.assertFalse(withheld & found, found)

    def test_every_tool_offers_its_options(self):
        for tool in TOOLS:
            with self.subTest(tool):
                self.assertLessEqual({"--help", "--version"}, self.press(tool, "--"))


class ScriptTests(unittest.TestCase):
    """The files as they are."""

    def test_zsh_gets_one_specification_of_the_rest(self):
        """Of two, zsh says "doubled rest argument definition" and offers nothing."""
        for tool in TOOLS:
            text = COMPLETIONS["zsh"](tool).read_text()
            functions = re.findall(r"local -ar arg_specs=\(\n(.*?)^    \)$", text, re.M | re.S)
            self.assertGreater(len(functions), 1)
            for specifications in functions:
                rest = re.findall(r"^ *'(?:\([^)]*\))?\*:.*", specifications, re.M)
                self.assertLessEqual(len(rest), 1, f"{tool}: {rest}")


if __name__ == "__main__":
    unittest.main()
