#!/usr/bin/env python3
"""Gathers pictures to train detectors with from Debian packages: backgrounds that show no faces.

    detector_backgrounds.py FOLDER [PACKAGE ...]

Downloads the packages that detector-backgrounds.csv beside this file names (or only those given) with apt-get, as the
machine's sources have them, and picks the pictures out: plain files, those inside Qt resources (.rcc) and those in zip
archives (.pk3). Patterns in the column leave_out are matched against PACKAGE/PATH. Nothing is installed.

    FOLDER/packages          the packages
    FOLDER/pictures/PACKAGE  their pictures: fm-train detector --backgrounds FOLDER/pictures
    FOLDER/licenses/PACKAGE  their copyright files
    FOLDER/packages.csv      name, version, SHA-256, license and number of pictures

A package whose pictures are there already is not looked at again. Standard library only.
"""

import csv
import fnmatch
import hashlib
import io
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

EXTENSIONS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tga"}
# Smaller pictures are buttons and pieces of games.
SHORTEST_SIDE = 180
LARGEST = 1 << 28
TABLE = pathlib.Path(__file__).with_name("detector-backgrounds.csv")


class Damaged(Exception):
    pass


def resources(data):
    """The files in a Qt resource: pairs of a path and its bytes. The layout is that of Qt's qresource.cpp: a header, then a
    tree of nodes, names in UTF-16, and the files' bytes, plain or compressed."""
    if data[:4] != b"qres" or len(data) < 20:
        raise Damaged("it is no Qt resource")
    version, tree, payload, names = struct.unpack_from(">4I", data, 4)
    node_size = 14 if version < 2 else 22
    pending = [(0, "")]
    seen = set()
    while pending:
        index, folder = pending.pop()
        if index in seen:
            raise Damaged("a folder contains itself")
        seen.add(index)
        place = tree + index * node_size
        try:
            name_offset, flags = struct.unpack_from(">IH", data, place)
            length, = struct.unpack_from(">H", data, names + name_offset)
            start = names + name_offset + 6
            if start + 2 * length > len(data):
                raise Damaged("it is cut off")
            name = data[start:start + 2 * length].decode("utf-16-be") if index else ""
            path = f"{folder}/{name}" if folder else name
            if flags & 2:
                count, first = struct.unpack_from(">II", data, place + 6)
                if first + count > len(data) // node_size:
                    raise Damaged("more nodes than there is room for")
                pending += [(child, path) for child in range(first, first + count)]
                continue
            offset, = struct.unpack_from(">I", data, place + 10)
            size, = struct.unpack_from(">I", data, payload + offset)
        except (struct.error, UnicodeDecodeError) as error:
            raise Damaged(str(error)) from error
        content = data[payload + offset + 4:payload + offset + 4 + size]
        if len(content) < size:
            raise Damaged("it is cut off")
        if flags & 1:
            # qCompress: the length, then a zlib stream.
            try:
                content = zlib.decompressobj().decompress(content[4:], LARGEST)
            except zlib.error as error:
                raise Damaged(str(error)) from error
        elif flags & 4:
            # Zstandard: no picture is stored so, as it would not become smaller.
            continue
        yield path, content


def size(data):
    """Columns and rows of a PNG, JPEG or WebP picture; None for other formats."""
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return struct.unpack_from(">II", data, 16)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            if data[12:16] == b"VP8X":
                return (int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1)
            if data[12:16] == b"VP8L":
                bits, = struct.unpack_from("<I", data, 21)
                return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            width, height = struct.unpack_from("<HH", data, 26)
            return (width & 0x3FFF, height & 0x3FFF)
        if data[:3] == b"\xff\xd8\xff":
            place = 2
            while place + 9 < len(data) and data[place] == 0xFF:
                marker = data[place + 1]
                if marker == 0xFF:
                    place += 1
                elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                    height, width = struct.unpack_from(">HH", data, place + 5)
                    return (width, height)
                else:
                    place += 2 + struct.unpack_from(">H", data, place + 2)[0]
    except struct.error:
        pass
    return None


def contents(path):
    """What a file of a package holds: pairs of a path below the file's own and bytes; the file itself as None."""
    name = path.name.lower()
    if name.endswith(".rcc"):
        yield from resources(path.read_bytes())
    elif name.endswith(".pk3"):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and entry.file_size < LARGEST:
                    yield entry.filename, archive.read(entry)
    else:
        yield None, path.read_bytes()


def pick(root, package, patterns, target):
    """Copies a package's pictures, and gives the numbers of those kept, left out and too small."""
    kept = left_out = small = 0
    for folder, folders, files in os.walk(root):
        folders.sort()
        for file in sorted(files):
            path = pathlib.Path(folder, file)
            if path.is_symlink() or not path.is_file() or path.stat().st_size > 1 << 30:
                continue
            own = path.relative_to(root)
            if path.suffix.lower() not in EXTENSIONS | {".rcc", ".pk3"}:
                continue
            try:
                for inner, data in contents(path):
                    # Absolute paths and those that lead out of the folder are none of a picture.
                    whole = pathlib.PurePosixPath(own.as_posix(), *(pathlib.PurePosixPath("/" + (inner or "")).parts[1:]))
                    if ".." in whole.parts or whole.suffix.lower() not in EXTENSIONS:
                        continue
                    known = size(data)
                    if known and min(known) < SHORTEST_SIDE:
                        small += 1
                    elif any(fnmatch.fnmatch(f"{package}/{whole}", pattern) for pattern in patterns):
                        left_out += 1
                    else:
                        place = target / whole
                        place.parent.mkdir(parents=True, exist_ok=True)
                        place.write_bytes(data)
                        kept += 1
            except (Damaged, zipfile.BadZipFile, OSError, ValueError) as error:
                print(f"detector_backgrounds.py: {package}: {own}: left out: {error}", file=sys.stderr)
    return kept, left_out, small


def download(package, folder):
    """The package's file: the one there, or the one that apt-get gives."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(folder.glob(f"{package}_*.deb"))
    if not found:
        # As in the Makefile: apt's own user may not write here.
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", package],
                       cwd=folder, check=True)
        found = sorted(folder.glob(f"{package}_*.deb"))
    return found[-1]


def license_text(unpacked, package, folder):
    """The package's copyright file, or that of the package whose documentation it shares."""
    documentation = unpacked / "usr/share/doc" / package
    if not documentation.is_symlink():
        return (documentation / "copyright").read_bytes()
    owner = os.readlink(documentation)
    file = download(owner, folder / "packages")
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", file], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        return files.extractfile(f"./usr/share/doc/{owner}/copyright").read()


def gather(row, folder):
    package = row["package"]
    target = folder / "pictures" / package
    file = download(package, folder / "packages")
    if not target.exists():
        unpacked = folder / f"unpacked-{package}"
        picked = folder / f"picked-{package}"
        for rest in (unpacked, picked):
            shutil.rmtree(rest, ignore_errors=True)
        subprocess.run(["dpkg-deb", "--extract", file, unpacked], check=True)
        picked.mkdir(parents=True)
        numbers = pick(unpacked, package, row["leave_out"].split(), picked)
        print("{}: {} pictures, {} left out by name, {} too small".format(package, *numbers))
        (folder / "licenses").mkdir(exist_ok=True)
        (folder / "licenses" / package).write_bytes(license_text(unpacked, package, folder))
        target.parent.mkdir(exist_ok=True)
        picked.rename(target)
        shutil.rmtree(unpacked)
    pictures = sum(len(files) for _, _, files in os.walk(target))
    with open(file, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return [package, file.name.split("_")[1].replace("%3a", ":"), digest, row["license"], pictures]


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    folder = pathlib.Path(arguments[0]).resolve()
    with open(TABLE, newline="") as table:
        rows = list(csv.DictReader(table))
    wanted = arguments[1:] or [row["package"] for row in rows]
    for name in wanted:
        if name not in (row["package"] for row in rows):
            print(f"detector_backgrounds.py: {name}: it is not in {TABLE.name}", file=sys.stderr)
            return 64
    done = []
    for row in rows:
        if row["package"] not in wanted:
            continue
        try:
            done.append(gather(row, folder))
        except (subprocess.CalledProcessError, OSError, KeyError, tarfile.TarError) as error:
            print(f"detector_backgrounds.py: {row['package']}: {error}", file=sys.stderr)
            return 74
    with open(folder / "packages.csv", "w", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["package", "version", "sha256", "license", "pictures"])
        writer.writerows(done)
    print(f"{sum(row[-1] for row in done)} pictures in {folder / 'pictures'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
