#!/usr/bin/env python3
"""Reads exported findings with programs that others wrote, and compares all of it with the stream.

    read_exports.py installed            exits with 0 if pandas is there
    read_exports.py check STREAM FOLDER  FOLDER has findings.EXTENSION for each format; prints a line for each reader

What is to be expected is computed here from the stream: a second implementation of runs, in a few lines. A reader whose
package is missing is skipped, saying so.
"""

import importlib
import importlib.util
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest.mock
import xml.etree.ElementTree as ElementTree

TOLERANCE = 0.001


class Expected:
    """What a stream without pixels says: frames, faces, and runs by person."""

    def __init__(self, path):
        records = [json.loads(line) for line in path.read_text().splitlines()]
        self.header = records[0]
        video = self.header["video"]
        numerator, denominator = video["time_base"]
        self.size = (video["width"], video["height"])
        self.rate = video["frame_rate"][0] / video["frame_rate"][1] if "frame_rate" in video else None
        self.frames = [r for r in records if r["type"] == "frame"]
        self.times = [f["pts"] * numerator / denominator for f in self.frames]
        length = self.frames[-1].get("duration")
        last = length * numerator / denominator if length else (
            self.times[-1] - self.times[-2] if len(self.times) > 1 else 1 / (self.rate or 25))
        self.ends = self.times[1:] + [self.times[-1] + last]
        self.tracked = any(e["name"] == "fm-track" for e in self.header.get("history", []))
        self.runs = self.find_runs()
        self.classified = any("expression" in face for _, _, face in self.faces())
        self.classes = self.class_names()

    def faces(self):
        for frame, time in zip(self.frames, self.times):
            for face in frame.get("faces", []):
                yield frame, time, face

    def label(self, face):
        return face.get("smoothed", face)

    def class_names(self):
        names = []
        for _, _, face in self.faces():
            for label in (face, face.get("smoothed", {})):
                for name in [*label.get("scores", {}), label.get("expression")]:
                    if name is not None and name not in names:
                        names.append(name)
        return names

    def find_runs(self):
        """(person, expression, start, end, confidences), without those that have no expression."""
        runs, before = [], {}
        for frame, start, end in zip(self.frames, self.times, self.ends):
            now = {}
            for face in frame.get("faces", []):
                if "id" not in face or face["id"] in now:
                    continue
                label = self.label(face)
                run = before.get(face["id"])
                if run is None or run[1] != label.get("expression"):
                    run = [face["id"], label.get("expression"), start, end, []]
                    runs.append(run)
                run[3] = end
                run[4].append(label.get("confidence"))
                now[face["id"]] = run
            before = now
        classified = any(run[1] is not None for run in runs)
        return [run for run in runs if run[3] > run[2] and (run[1] is not None or not classified)]

    def intervals(self):
        """(person, expression, start, end) in the order of time."""
        return sorted((run[0], run[1], run[2], run[3]) for run in self.runs)

    def boxes(self):
        """(frame, person, x, y, width, height, score) of faces that belong to somebody."""
        return sorted((frame["seq"], face["id"], *face["box"], face.get("score", 1.0))
                      for frame, _, face in self.faces() if "id" in face)


def same(found, expected, what, tolerance=TOLERANCE):
    """Equal but for numbers that differ by rounding."""
    found, expected = sorted(found, key=repr_key), sorted(expected, key=repr_key)
    assert len(found) == len(expected), f"{what}: {len(found)} found, {len(expected)} expected"
    for a, b in zip(found, expected):
        for x, y in zip(a, b):
            if isinstance(y, float) or isinstance(x, float):
                assert abs(x - y) <= tolerance, f"{what}: {a} instead of {b}"
            else:
                assert x == y, f"{what}: {a} instead of {b}"
    return len(found)


def repr_key(row):
    """Texts first: rows of the same texts are in the order of their numbers, which differ by less than rows do."""
    return ([str(x) for x in row if not isinstance(x, (int, float))], [float(x) for x in row if isinstance(x, (int, float))])


def one_line(text):
    """As formats of lines show a name: spaces for line ends and tabs."""
    return re.sub(r"[\t\n\v\f\r\x85\u2028\u2029]", " ", re.sub(r"[\u202a-\u202e\u2066-\u2069]", "\ufffd", text))


def cell(text):
    return "'" + text if text[:1] in tuple("=+-@\t\r\n") else text


# Tables

def read_pandas(expected, folder, separator=",", name="findings.csv"):
    import pandas
    table = pandas.read_csv(folder / name, sep=separator, keep_default_na=False, na_values=[""])
    return check_table(expected, table)


def check_table(expected, table, column=str):
    """By pandas's table; `column` says what the reader makes of a column's name."""
    rows = table.to_dict("records")
    position = 0
    for frame, time in zip(expected.frames, expected.times):
        for face in frame.get("faces", []) or [None]:
            row = rows[position]
            position += 1
            assert row["frame"] == frame["seq"], row
            assert abs(row["time"] - time) < 1e-6, (row["time"], time)
            assert row["file"] == cell(frame.get("source", expected.header["source"])), row["file"]
            if face is None:
                assert missing(row["x"]), row
                continue
            assert [row[k] for k in ("x", "y", "width", "height")] == face["box"], row
            for key in ("id", "score", "neighbors", "confidence"):
                if key in face:
                    assert row[key] == face[key] if face[key] is not None else missing(row[key]), (key, row)
            if "expression" in face:
                value = row["expression"]
                assert missing(value) if face["expression"] is None else value == cell(face["expression"]), row
            for prefix, label in (("", face), ("smoothed_", face.get("smoothed", {}))):
                for name, score in label.get("scores", {}).items():
                    assert row[column(cell(prefix + column_name(name)))] == score, (name, row)
    assert position == len(rows), (position, len(rows))
    return f"{position} rows"


def column_name(name):
    """A class's column; one that is called like another column has something behind it."""
    reserved = ("file frame time id x y width height score neighbors filled expression confidence smoothed_expression "
                "smoothed_confidence").split()
    return name + "_score" if name in reserved else name


def missing(value):
    return value is None or isinstance(value, float) and math.isnan(value)


def read_tsv(expected, folder):
    return read_pandas(expected, folder, "\t", "findings.tsv")


def read_duckdb(expected, folder):
    import duckdb
    table = duckdb.sql(f"SELECT * FROM read_csv('{folder}/findings.csv', sample_size=-1)")
    count = check_table(expected, table.df().astype(object).where(lambda t: t.notna(), None), str.strip)
    # The line of the manual.
    page = (pathlib.Path(__file__).resolve().parents[3] / "man" / "fm-export.1").read_text()
    line = re.search(r'^duckdb -c "(.*)"$', page, re.M)[1]
    duckdb.sql(line.replace("party.csv", f"{folder}/findings.csv").replace("party.parquet", f"{folder}/findings.parquet"))
    again = duckdb.sql(f"SELECT count(*) FROM '{folder}/findings.parquet'").fetchall()[0][0]
    assert f"{again} rows" == count, (again, count)
    if not any(True for _ in expected.faces()):
        return count + ", also as Parquet"
    lines = duckdb.sql(f"SELECT count(*), count(x) FROM read_json('{folder}/findings.ndjson', sample_size=-1)").fetchall()[0]
    assert lines == (again, sum(1 for _ in expected.faces())), lines
    return count + ", also as Parquet and from NDJSON"


def read_ndjson(expected, folder):
    import pandas
    table = pandas.read_json(folder / "findings.ndjson", lines=True, precise_float=True, dtype=False)
    rows = table.to_dict("records")
    faces = [row for row in rows if not missing(row.get("x"))]
    wanted = [(frame["seq"], *face["box"]) for frame, _, face in expected.faces()]
    assert [(r["frame"], r["x"], r["y"], r["width"], r["height"]) for r in faces] == wanted
    for row, (_, _, face) in zip(faces, expected.faces()):
        for name, score in face.get("scores", {}).items():
            assert row[column_name(name)] == score, (name, row)
    return f"{len(rows)} rows"


def read_openface(expected, folder):
    import pandas
    table = pandas.read_csv(folder / "findings.openface.csv")
    # What feat.utils.io.read_openface does with a list of features.
    table.columns = table.columns.str.strip(" ")
    found = table[table.success == 1][["frame", "face_id", "timestamp", "confidence", "x", "y", "width", "height"]]
    wanted = []
    numbered = any("id" in face for _, _, face in expected.faces())
    for frame, time in zip(expected.frames, expected.times):
        for place, face in enumerate(frame.get("faces", [])):
            # A face without a number among numbered ones is nobody's: an empty cell.
            number = face.get("id", -1 if numbered else place + 1)
            wanted.append((frame["seq"] + 1, number - 1, time, face.get("score", 1.0), *face["box"]))
    found = found.fillna({"face_id": -2})
    same([tuple(row) for row in found.itertuples(index=False)], wanted, "openface", 1e-6)
    return f"{len(table)} rows"


def read_fex(expected, folder):
    import pandas
    table = pandas.read_csv(folder / "findings.fex.csv")
    rows = [tuple(row) for row in table[table.FaceRectX.notna()][[
        "frame", "approx_time", "FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"]].itertuples(index=False)]
    wanted = [(frame["seq"], time, *face["box"], face.get("score", 1.0)) for frame, time, face in expected.faces()]
    same(rows, wanted, "fex", 1e-6)
    return f"{len(table)} rows"


# Subtitles

def shown(person, expression):
    return f"{person}: {one_line(expression)}" if expression else f"{person}"


def read_webvtt(expected, folder):
    import webvtt
    found = []
    for caption in webvtt.read(str(folder / "findings.vtt")):
        match = re.fullmatch(r"<v Person (\d+)>(.*)</v>", caption.raw_text, re.S)
        name = match[2].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        found.append((int(match[1]), name, seconds(caption.start), seconds(caption.end)))
    wanted = [(p, one_line(e) if e else str(p), s, t) for p, e, s, t in expected.intervals()]
    return f"{same(found, wanted, 'vtt')} cues"


def seconds(clock):
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def substituted(text, pairs):
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def read_pysubs2(expected, folder):
    import pysubs2
    if not expected.intervals():
        # An empty file is what SubRip has for none.
        assert (folder / "findings.srt").read_text() == ""
        return f"{len(pysubs2.load(str(folder / 'findings.ass')))} events"
    counts = []
    for ending, pairs, tolerance in (("srt", ["<＜", ">＞", "{｛"], 0.001), ("ass", ["\\⧵", "{｛", "}｝"], 0.0051)):
        subtitles = pysubs2.load(str(folder / f"findings.{ending}"))
        found = [(e.plaintext.rstrip(), e.start / 1000, e.end / 1000) for e in subtitles if e.type == "Dialogue"]
        wanted = [(substituted(shown(p, e), pairs).rstrip(), s, t) for p, e, s, t in expected.intervals()]
        counts.append(same(found, wanted, ending, tolerance))
    return f"{counts[0]} and {counts[1]} events (ASS has hundredths of seconds)"


def read_ffmpeg(expected, folder):
    """All three subtitle formats in a Matroska file, decoded, and burned into a picture."""
    if not expected.intervals():
        return "nothing to show"
    with tempfile.TemporaryDirectory() as name:
        out = pathlib.Path(name)
        end = str(max(expected.ends) + 1)
        inputs = [w for ending in ("vtt", "srt", "ass") for w in ("-i", str(folder / f"findings.{ending}"))]
        run("ffmpeg", "-v", "error", "-f", "lavfi", "-t", end, "-i", "color=s=64x64:r=2", *inputs, "-map", "0:v",
            "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "ultrafast", "-c:s", "copy", str(out / "all.mkv"))
        counts = []
        for track in range(3):
            packets = run("ffprobe", "-v", "error", "-select_streams", f"s:{track}", "-show_entries", "packet=pts_time,duration_time",
                          "-of", "csv=p=0", str(out / "all.mkv")).split()
            found = []
            for line in packets:
                parts = [p for p in line.split(",") if p]
                found.append((float(parts[0]), float(parts[0]) + float(parts[1])))
            same(found, [(s, t) for _, _, s, t in expected.intervals()], f"track {track}", 0.0101)
            counts.append(len(found))
        start = expected.intervals()[0][2] + 0.01
        run("ffmpeg", "-v", "error", "-f", "lavfi", "-t", str(start + 0.5), "-i", "color=s=320x240:r=25", "-vf",
            f"ass={folder}/findings.ass", "-frames:v", "1", "-ss", str(start), "-f", "rawvideo", str(out / "burned"))
        assert max((out / "burned").read_bytes()[:320 * 240]) > 60, "nothing is shown"
        return f"{counts} cues in Matroska, shown"


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


# Annotations

def read_pympi(expected, folder):
    import pympi
    document = pympi.Elan.Eaf(str(folder / "findings.eaf"))
    found = []
    for tier in document.get_tier_names():
        person = int(document.get_parameters_for_tier(tier)["PARTICIPANT"])
        for start, end, value, *_ in document.get_annotation_data_for_tier(tier):
            found.append((person, value, start / 1000, end / 1000))
    wanted = [(p, e or "", s, t) for p, e, s, t in expected.intervals()]
    return f"{same(found, wanted, 'eaf')} annotations"


def interval_tiers(tiers):
    return [(int(name.split()[1]), text.strip(), start, end) for name, intervals in tiers for start, end, text in intervals if text]


def plain(rows):
    """praat-textgrids takes away all quotes at the ends of a text."""
    return [(person, text.strip('"'), start, end) for person, text, start, end in rows]


def read_textgrids(expected, folder):
    # Some readers take spaces around a text away.
    wanted = [(p, one_line(e).strip() if e else str(p), s, t) for p, e, s, t in expected.intervals()]
    path = str(folder / "findings.TextGrid")
    counts = []
    if installed("tgt"):
        import tgt
        grid = tgt.io.read_textgrid(path)
        tiers = [(t.name, [(i.start_time, i.end_time, i.text.replace('""', '"')) for i in t]) for t in grid.tiers]
        counts.append(f"tgt {same(interval_tiers(tiers), wanted, 'tgt')}")
    if installed("textgrids"):
        import textgrids
        grid = textgrids.TextGrid(path)
        tiers = [(name, [(i.xmin, i.xmax, i.text.replace('""', '"')) for i in tier]) for name, tier in grid.items()]
        counts.append(f"praat-textgrids {same(plain(interval_tiers(tiers)), plain(wanted), 'praat-textgrids')}")
    if installed("textgrid"):
        import textgrid
        grid = textgrid.TextGrid.fromFile(path)
        tiers = [(t.name, [(i.minTime, i.maxTime, i.mark) for i in t]) for t in grid]
        counts.append(f"textgrid {same(interval_tiers(tiers), wanted, 'textgrid')}")
    assert counts, "no reader of TextGrid is installed"
    return ", ".join(counts)


def read_boris(expected, folder):
    """The project as BORIS's own loader takes it, if its package is there, and its tables."""
    import pandas
    project = json.loads((folder / "findings.boris").read_text())
    note = "by its keys"
    functions = boris_functions()
    if functions:
        _, is_changed, project, message = functions.open_project_json(str(folder / "findings.boris"))
        assert "error" not in project and not is_changed and not message, (project.get("error"), message)
        paired = functions.check_state_events_obs("findings", project["behaviors_conf"], project["observations"]["findings"])
        assert paired[0], paired
        note = "by BORIS's own loader, which finds all states paired"
    observation = project["observations"]["findings"]
    events = [(e[1], e[2], float(e[0])) for e in observation["events"]]
    table = pandas.read_csv(folder / "findings.boris.tsv", sep="\t", keep_default_na=False)
    rows = [(r["Subject"], r["Behavior"], float(r["Time"])) for r in table.to_dict("records")]
    wanted = [(f"person {p}", e or "in view", x) for p, e, s, t in expected.intervals() for x in (s, t)]
    same(events, wanted, "boris")
    same(rows, [(s, cell(b), t) for s, b, t in wanted], "boris-events")
    # States are paired: a start for each end.
    open_states = set()
    for row in table.to_dict("records"):
        state = (row["Subject"], row["Behavior"])
        assert (state in open_states) == (row["Behavior type"] == "STOP"), row
        open_states ^= {state}
    assert not open_states, open_states
    return f"{len(events)} events, {note}"


def boris_functions():
    """BORIS's own functions on projects; their module wants a whole desktop and a player, of which loading needs nothing."""
    specification = importlib.util.find_spec("boris")
    if specification is None:
        return None
    package = types.ModuleType("boris")
    package.__path__ = list(specification.submodule_search_locations)
    sys.modules["boris"] = package
    sys.modules["boris.mpv2"] = unittest.mock.MagicMock(dll="")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        return importlib.import_module("boris.project_functions")
    except Exception as error:
        print(f"boris is installed, but cannot be loaded: {error}")
        return None


# Boxes

def read_motmetrics(expected, folder):
    import motmetrics
    if not expected.boxes():
        assert (folder / "findings.txt").read_text() == ""
        return "nothing"
    table = motmetrics.io.loadtxt(str(folder / "findings.txt"), fmt="mot15-2D")
    found = [(frame - 1, person, *map(float, (row.X, row.Y, row.Width, row.Height, row.Confidence))) for (frame, person), row in table.iterrows()]
    wanted = [(f, p, float(x), float(y), float(w), float(h), float(s)) for f, p, x, y, w, h, s in expected.boxes()]
    return f"{same(found, wanted, 'mot', 1e-9)} boxes"


def read_trackeval(expected, folder):
    """Measured against itself by TrackEval's own loader of MOTChallenge's rows: HOTA is 1."""
    import numpy
    for name, kind in (("float", float), ("int", int), ("bool", bool)):
        if name not in vars(numpy):
            setattr(numpy, name, kind)
    import trackeval
    if not expected.boxes():
        return "nothing"
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        sequence = root / "gt" / "MOT15-train" / "made"
        (sequence / "gt").mkdir(parents=True)
        tracker = root / "trackers" / "MOT15-train" / "fm" / "data"
        tracker.mkdir(parents=True)
        (root / "gt" / "seqmaps").mkdir()
        (root / "gt" / "seqmaps" / "MOT15-train.txt").write_text("name\nmade\n")
        rows = (folder / "findings.txt").read_text()
        (tracker / "made.txt").write_text(rows)
        truth = "".join(",".join([*line.split(",")[:6], "1", "1", "1"]) + "\n" for line in rows.splitlines())
        (sequence / "gt" / "gt.txt").write_text(truth)
        (sequence / "seqinfo.ini").write_text(
            f"[Sequence]\nname=made\nseqLength={max(f['seq'] for f in expected.frames) + 1}\n")
        dataset = trackeval.datasets.MotChallenge2DBox({
            "GT_FOLDER": str(root / "gt"), "TRACKERS_FOLDER": str(root / "trackers"), "BENCHMARK": "MOT15",
            "SPLIT_TO_EVAL": "train", "PRINT_CONFIG": False, "DO_PREPROC": False})
        raw = dataset.get_raw_seq_data("fm", "made")
        data = dataset.get_preprocessed_seq_data(raw, "pedestrian")
        hota = trackeval.metrics.HOTA().eval_sequence(data)
        assert data["num_tracker_dets"] == len(expected.boxes()), data["num_tracker_dets"]
        assert numpy.allclose(hota["HOTA"], 1), hota["HOTA"]
        return f"{data['num_tracker_dets']} boxes, HOTA against itself 1"


def read_pycocotools(expected, folder):
    import contextlib
    import io
    from pycocotools.coco import COCO
    with contextlib.redirect_stdout(io.StringIO()):
        dataset = COCO(str(folder / "findings.coco.json"))
    assert [i["frame"] for i in dataset.dataset["images"]] == [f["seq"] for f in expected.frames]
    names = {c["id"]: c["name"] for c in dataset.dataset["categories"]}
    found, wanted = [], []
    for image in dataset.dataset["images"]:
        for annotation in dataset.loadAnns(dataset.getAnnIds(imgIds=[image["id"]])):
            found.append((image["frame"], *annotation["bbox"], names[annotation["category_id"]], annotation.get("score", 1.0)))
    for frame, _, face in expected.faces():
        wanted.append((frame["seq"], *face["box"], expected.label(face).get("expression") or "face", face.get("score", 1.0)))
    return f"{same(found, wanted, 'coco', 1e-9)} boxes"


def cvat_boxes(root):
    return [(int(b.get("frame")), int(t.get("id")), *(float(b.get(k)) for k in ("xtl", "ytl", "xbr", "ybr")),
             b.find("attribute").text or "", b.get("outside") == "1") for t in root.iter("track") for b in t.iter("box")]


def read_cvat(expected, folder):
    boxes = cvat_boxes(ElementTree.parse(folder / "findings.xml").getroot())
    wanted = [(frame["seq"], face["id"], float(face["box"][0]), float(face["box"][1]), float(face["box"][0] + face["box"][2]),
               float(face["box"][1] + face["box"][3]), expected.label(face).get("expression") or "", False)
              for frame, _, face in expected.faces() if "id" in face]
    count = same([b for b in boxes if not b[7]], wanted, "cvat")
    # Outside exactly in the frame after each sight.
    seen = {(b[0], b[1]) for b in boxes if not b[7]}
    last = max((f["seq"] for f in expected.frames), default=0)
    gone = {(f + 1, p) for f, p in seen if (f + 1, p) not in seen and f < last}
    assert {(b[0], b[1]) for b in boxes if b[7]} == gone, "outside"
    return f"{count} boxes"


def read_datumaro(expected, folder):
    import datumaro

    def text(value):
        # It takes texts that look like numbers for numbers.
        try:
            return str(float(value))
        except (TypeError, ValueError):
            return str(value or "")
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(folder / "findings.xml", pathlib.Path(name) / "annotations.xml")
        dataset = datumaro.Dataset.import_from(name, "cvat")
        found = []
        for item in dataset:
            for box in item.annotations:
                if box.attributes.get("outside"):
                    continue
                found.append((int(item.attributes["frame"]), int(box.attributes["track_id"]), *map(float, box.get_bbox()),
                              text(box.attributes.get("expression"))))
        wanted = [(frame["seq"], face["id"], *map(float, face["box"]), text(expected.label(face).get("expression")))
                  for frame, _, face in expected.faces() if "id" in face]
        return f"{same(found, wanted, 'datumaro')} boxes"


# By Label Studio's documentation of videorectangle and timelinelabels, in predictions.
LABEL_STUDIO = {
    "type": "array", "items": {
        "type": "object", "required": ["data", "predictions"], "properties": {
            "data": {"type": "object", "required": ["video"]},
            "predictions": {"type": "array", "items": {
                "type": "object", "required": ["result"], "properties": {
                    "model_version": {"type": "string"}, "score": {"type": "number"},
                    "result": {"type": "array", "items": {
                        "type": "object", "required": ["id", "type", "from_name", "to_name", "value"], "oneOf": [
                            {"properties": {"type": {"const": "videorectangle"}, "value": {
                                "type": "object", "required": ["sequence", "labels", "framesCount"], "properties": {
                                    "framesCount": {"type": "integer", "minimum": 1}, "duration": {"type": "number"},
                                    "sequence": {"type": "array", "items": {
                                        "type": "object",
                                        "required": ["frame", "enabled", "x", "y", "width", "height", "rotation", "time"],
                                        "properties": {"frame": {"type": "integer", "minimum": 1}, "enabled": {"type": "boolean"},
                                                       "x": {"type": "number"}, "y": {"type": "number"},
                                                       "width": {"type": "number", "exclusiveMinimum": 0},
                                                       "height": {"type": "number", "exclusiveMinimum": 0},
                                                       "rotation": {"type": "number"}, "time": {"type": "number"}},
                                        "additionalProperties": False}}}}}},
                            {"properties": {"type": {"const": "timelinelabels"}, "value": {
                                "type": "object", "required": ["ranges", "timelinelabels"], "properties": {
                                    "ranges": {"type": "array", "items": {
                                        "type": "object", "required": ["start", "end"],
                                        "properties": {"start": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}}}},
                                    "timelinelabels": {"type": "array", "items": {"type": "string"}}}}}}]}}}}}}}}


def read_labelstudio(expected, folder):
    tasks = json.loads((folder / "findings.labelstudio.json").read_text())
    if installed("jsonschema"):
        import jsonschema
        jsonschema.validate(tasks, LABEL_STUDIO)
    found, ranges = [], 0
    width, height = expected.size
    for result in tasks[0]["predictions"][0]["result"]:
        value = result["value"]
        if result["type"] == "timelinelabels":
            ranges += 1
            continue
        person = int(result["id"].removeprefix("person"))
        frames = [k["frame"] for k in value["sequence"]]
        assert frames == sorted(set(frames)), "a frame twice"
        for k, following in zip(value["sequence"], value["sequence"][1:] + [None]):
            continues = following is not None and following["frame"] == k["frame"] + 1
            assert k["enabled"] == continues, k
            found.append((k["frame"] - 1, person, k["x"] * width / 100, k["y"] * height / 100, k["width"] * width / 100,
                          k["height"] * height / 100))
    wanted = [(f, p, float(x), float(y), float(w), float(h)) for f, p, x, y, w, h, _ in expected.boxes()]
    assert ranges == len([r for r in expected.runs if r[1] is not None]), ranges
    return f"{same(found, wanted, 'labelstudio', 1e-6)} boxes, {ranges} runs"


# Editing

def read_otio(expected, folder):
    import opentimelineio as otio
    wanted = [(shown(p, e) if e else str(p), s, t) for p, e, s, t in expected.intervals()]
    timeline = otio.adapters.read_from_file(str(folder / "findings.otio"))
    clip = next(iter(timeline.find_clips()))
    found = [(m.name, m.marked_range.start_time.to_seconds(), m.marked_range.end_time_exclusive().to_seconds()) for m in clip.markers]
    counts = [f"otio {same(found, wanted, 'otio')}"]
    # Time codes and frames: half a frame.
    half = 0.5 / (expected.rate or 25) + 0.0005
    names = otio.adapters.available_adapter_names()
    if "cmx_3600" in names:
        rate = round(expected.rate or 25)
        timeline = otio.adapters.read_from_file(str(folder / "findings.edl"), rate=rate)
        clip = next(iter(timeline.find_clips()))
        exact = expected.rate or rate
        found = [(m.name, m.marked_range.start_time.value / exact) for m in clip.markers]
        counts.append(f"edl {same([(n.strip(), s) for n, s in found], [(n.strip(), s) for n, s, _ in wanted], 'edl', half)}")
    root = ElementTree.parse(folder / "findings.fcpxml").getroot()

    def rational(text):
        top, _, bottom = text.removesuffix("s").partition("/")
        return int(top) / int(bottom or 1)
    found = [(m.get("value"), rational(m.get("start")), rational(m.get("start")) + rational(m.get("duration"))) for m in root.iter("marker")]
    counts.append(f"fcpxml {same(found, wanted, 'fcpxml')}")
    if "fcpx_xml" in names:
        container = otio.adapters.read_from_file(str(folder / "findings.fcpxml"))
        markers = [m for clip in container.find_clips() for m in clip.markers] if hasattr(container, "find_clips") else []
        counts.append(f"adapter {len(markers)}")
        assert len(markers) == len(wanted), "the fcpx_xml adapter"
    return ", ".join(counts) + " markers"


READERS = (
    ("csv", "pandas", read_pandas), ("tsv", "pandas", read_tsv), ("csv", "duckdb", read_duckdb),
    ("ndjson", "pandas", read_ndjson), ("openface", "pandas", read_openface), ("fex", "pandas", read_fex),
    ("vtt", "webvtt", read_webvtt), ("srt, ass", "pysubs2", read_pysubs2), ("subtitles", "ffmpeg", read_ffmpeg),
    ("eaf", "pympi", read_pympi), ("textgrid", "tgt|textgrids|textgrid", read_textgrids),
    ("boris", "pandas", read_boris), ("mot", "motmetrics", read_motmetrics), ("mot", "trackeval", read_trackeval),
    ("coco", "pycocotools", read_pycocotools), ("cvat", "json", read_cvat), ("cvat", "datumaro", read_datumaro),
    ("labelstudio", "json", read_labelstudio), ("otio, edl, fcpxml", "opentimelineio", read_otio),
)


def installed(name):
    return shutil.which(name) is not None if name == "ffmpeg" else importlib.util.find_spec(name) is not None


def main():
    if sys.argv[1:] == ["installed"]:
        sys.exit(0 if installed("pandas") else 1)
    if len(sys.argv) != 4 or sys.argv[1] != "check":
        sys.exit(__doc__)
    expected = Expected(pathlib.Path(sys.argv[2]))
    folder = pathlib.Path(sys.argv[3])
    failures = 0
    for name, package, read in READERS:
        if not any(map(installed, package.split("|"))):
            print(f"{name}: skipped: {package} is not installed")
            continue
        try:
            print(f"{name}: {package}: {read(expected, folder)}")
        except Exception as error:  # A reader that fails is what this is for.
            failures += 1
            print(f"{name}: {package}: FAILED: {type(error).__name__}: {str(error)[:600]}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
