"""What `make install` puts into a folder works from there, and `make uninstall` leaves nothing."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share_support import BIN, NO_JQ, NO_TOOLS, ROOT, SHARE, TOOLS, face, run, stream  # noqa: E402


@unittest.skipIf(BIN is None, NO_TOOLS)
@unittest.skipUnless(shutil.which("make") and (ROOT / "Makefile").is_file(), "make is not installed")
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.installed = cls.root / "usr" / "own"
        cls.make("install")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def make(cls, target):
        """Runs make with the tools that are built, in place of those that it would build."""
        binaries = " ".join(str(BIN / tool) for tool in TOOLS)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        subprocess.run(
            ["make", "-C", str(ROOT), target, f"DESTDIR={cls.root}", "PREFIX=/usr/own", f"BINARIES={binaries}",
             f"BINARY_FOLDER={BIN}", "STRIP=true"],
            check=True, capture_output=True, env=environment, timeout=300)

    def files(self):
        return {str(path.relative_to(self.installed)) for path in self.installed.rglob("*") if not path.is_dir()}

    def run_installed(self, *command, data=b"", **variables):
        environment = {"PATH": f"{self.installed / 'bin'}:/usr/bin:/bin"} | variables
        return run(command, data, env=environment, cwd=self.root)

    def test_what_ships_is_there(self):
        files = self.files()
        for tool in TOOLS:
            self.assertIn(f"bin/{tool}", files)
        for path in SHARE.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                self.assertIn(f"share/fm/{path.relative_to(SHARE)}", files)
        for path in (ROOT / "Sources" / "fm-train" / "Recipes").glob("*.json"):
            self.assertIn(f"share/fm/recipes/{path.name}", files)
        for path in (ROOT / "Sources" / "fm-classify" / "Models").glob("*.keras"):
            self.assertIn(f"share/fm/{path.name}", files)

    def test_commands_of_the_manual_are_those_of_the_installation(self):
        for page in (self.installed / "share" / "man").rglob("fm*.*"):
            commands = [line for line in page.read_text().splitlines() if not line.startswith(".")]
            self.assertEqual([line for line in commands if "/usr/local/share/fm" in line], [], page)
        batches = (self.installed / "share/man/man7/fm.7").read_text()
        self.assertIn("\ncp -r /usr/own/share/fm/batch .\n", batches)

    @unittest.skipIf(NO_JQ, NO_JQ)
    def test_a_jq_recipe_runs_from_there(self):
        data = stream([(0, [face("happy", 0.75, 0.25)])])
        result = self.run_installed("jq", "-nrf", self.installed / "share/fm/jq/runs.jq", data=data)
        self.assertEqual(result.stdout.decode().splitlines()[1:], ['"made.mp4","happy",0,0.25,1,0.75'])

    def test_the_python_module_runs_from_there(self):
        module = self.installed / "share/fm/python"
        result = self.run_installed(
            sys.executable, "-B", "-c", "import fm_stream, sys; print(len(list(fm_stream.Reader(sys.stdin.buffer))))",
            data=stream([(0, [])]), PYTHONPATH=str(module))
        self.assertEqual(result.stdout, b"3\n", result.stderr)
        result = self.run_installed(module / "fm_stream.py", "check", data=stream([(0, [])]))
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_models_and_recipes_are_found_by_name(self):
        for name, classes in (("expressions", 7), ("ferplus", 8)):
            shown = self.run_installed("fm-train", "show", name)
            self.assertEqual((shown.returncode, shown.stderr), (0, b""))
            self.assertEqual(shown.stdout, self.run_installed("fm-train", "show", f"{self.installed}/share/fm/{name}.keras").stdout)
            line = next(line for line in shown.stdout.decode().splitlines() if line.startswith("Classes: "))
            self.assertEqual(len(line.split(",")), classes)
            described = self.run_installed("fm-classify", "-m", name, "--describe")
            self.assertEqual((described.returncode, described.stderr), (0, b""))
        # A recipe is found before the pictures, which are not there.
        found = self.run_installed("fm-train", "m.keras", "absent", "--recipe", "fer2013")
        self.assertIn(b"absent", found.stderr)
        self.assertNotIn(b"fer2013", found.stderr)
        missing = self.run_installed("fm-train", "m.keras", "absent", "--recipe", "nosuch")
        self.assertEqual(missing.returncode, 65)
        self.assertIn(b"nosuch.json: cannot find the recipe", missing.stderr)
        self.assertIn(b"recipes found: fer2013, fer2013-fine, ferplus, student, teacher", missing.stderr)
        self.assertIn(str(self.installed / "share/fm/recipes").encode(), missing.stderr.replace(b"/bin/..", b""))

    def test_zz_uninstall_leaves_nothing(self):
        self.make("uninstall")
        self.assertEqual(self.files(), set())
        self.assertFalse((self.installed / "share" / "fm").exists())


if __name__ == "__main__":
    unittest.main()
