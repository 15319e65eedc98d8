"""The script that gathers backgrounds: what it takes out of Qt resources, archives and folders, and what it leaves."""

import importlib.util
import io
import pathlib
import struct
import sys
import tempfile
import unittest
import zipfile
import zlib

sys.dont_write_bytecode = True
RECIPES = pathlib.Path(__file__).resolve().parents[2] / "Sources/fm-train/Recipes"
SPEC = importlib.util.spec_from_file_location("detector_backgrounds", RECIPES / "detector_backgrounds.py")
backgrounds = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(backgrounds)


def png(width, height, tail=b""):
    """The beginning of a PNG picture, as far as it is looked at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + tail


def resource(files, version=1):
    """A Qt resource of one folder with these files: name -> (bytes, flags)."""
    names, data, nodes = b"", b"", []

    def name(text):
        nonlocal names
        place = len(names)
        names += struct.pack(">HI", len(text), 0) + text.encode("utf-16-be")
        return place

    def node(place, flags, rest):
        nodes.append(struct.pack(">IH", place, flags) + rest + (bytes(8) if version > 1 else b""))

    node(0, 2, struct.pack(">II", 1, 1))
    node(name("pictures"), 2, struct.pack(">II", len(files), 2))
    for text, (content, flags) in files.items():
        node(name(text), flags, struct.pack(">HHI", 0, 0, len(data)))
        data += struct.pack(">I", len(content)) + content
    tree = b"".join(nodes)
    return b"qres" + struct.pack(">4I", version, 20, 20 + len(tree), 20 + len(tree) + len(data)) + tree + data + names


class Resources(unittest.TestCase):
    def test_plain_and_compressed(self):
        content = png(200, 300)
        packed = struct.pack(">I", len(content)) + zlib.compress(content)
        for version in (1, 2):
            made = resource({"a.png": (content, 0), "ä.png": (packed, 1), "z.png": (b"??", 4)}, version)
            self.assertEqual(sorted(backgrounds.resources(made)),
                             [("pictures/a.png", content), ("pictures/ä.png", content)])

    def test_damage_is_reported_and_ends(self):
        made = resource({"a.png": (png(200, 300), 0), "b.png": (png(200, 200), 0)})
        for end in range(len(made)):
            with self.assertRaises(backgrounds.Damaged):
                list(backgrounds.resources(made[:end]))
        for place in range(len(made)):
            for value in (0, 2, 255):
                changed = made[:place] + bytes([value]) + made[place + 1:]
                try:
                    list(backgrounds.resources(changed))
                except backgrounds.Damaged:
                    pass

    def test_sizes(self):
        webp = b"RIFF" + bytes(4) + b"WEBP"
        self.assertEqual(backgrounds.size(png(200, 300)), (200, 300))
        self.assertEqual(
            backgrounds.size(webp + b"VP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")),
            (640, 480))
        self.assertEqual(backgrounds.size(webp + b"VP8L" + bytes(5) + struct.pack("<I", 99 | 49 << 14)), (100, 50))
        self.assertEqual(backgrounds.size(webp + b"VP8 " + bytes(10) + struct.pack("<HH", 320, 200)), (320, 200))
        jpeg = b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"ab" + b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 240, 320)
        self.assertEqual(backgrounds.size(jpeg + bytes(8)), (320, 240))
        for other in (b"", b"BM", jpeg[:5], png(1, 1)[:18]):
            self.assertIsNone(backgrounds.size(other))


class Picking(unittest.TestCase):
    def test_pictures_of_all_kinds(self):
        with tempfile.TemporaryDirectory() as folder:
            root, target = pathlib.Path(folder, "root"), pathlib.Path(folder, "target")
            (root / "usr/people").mkdir(parents=True)
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as stream:
                stream.writestr("textures/wall.png", png(256, 256))
                stream.writestr("../../out.png", png(256, 256))
                stream.writestr("sound.ogg", b"x")
            for name, content in {
                "usr/tree.PNG": png(640, 480), "usr/icon.png": png(64, 480), "usr/words.txt": b"x",
                "usr/people/one.png": png(640, 480), "usr/things.rcc": resource({"cow.png": (png(300, 300), 0)}),
                "usr/maps.pk3": archive.getvalue(), "usr/broken.pk3": b"x", "usr/broken.rcc": b"qres",
            }.items():
                (root / name).write_bytes(content)
            (root / "usr/link.png").symlink_to("tree.PNG")
            self.assertEqual(backgrounds.pick(root, "toys", ["toys/*/people/*"], target), (3, 1, 1))
            found = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
            self.assertEqual(found, ["usr/maps.pk3/textures/wall.png", "usr/things.rcc/pictures/cow.png", "usr/tree.PNG"])

    def test_table(self):
        import csv
        with open(backgrounds.TABLE, newline="") as table:
            rows = list(csv.DictReader(table))
        self.assertGreaterEqual(len(rows), 8)
        for row in rows:
            self.assertTrue(row["package"] and row["license"] and row["pictures"], row)
            self.assertNotIn(None, row)


if __name__ == "__main__":
    unittest.main()
