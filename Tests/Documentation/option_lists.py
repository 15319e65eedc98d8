#!/usr/bin/env python3
"""Writes each man page's list of options from the tool's own declarations.

    option_lists.py FOLDER    writes the lists of the tools in FOLDER into man/*.1 (make manual)

An option's words exist once, in its declaration in Sources. ArgumentParser prints them as --help and as JSON
(--experimental-dump-help); here the JSON becomes mdoc, in the order and the groups of --help. A page marks the place of
its list by two comments; of a subcommand whose option is just that of the first subcommand, only the name is listed.
Standard library only.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN = '.\\" Options: written by "make manual" from the declarations in Sources.'
END = '.\\" End of options.'


def dump(folder, tool):
    """The tool's command as ArgumentParser describes it."""
    return json.loads(subprocess.run(
        [str(folder / tool), "--experimental-dump-help"], capture_output=True, text=True, check=True,
        stdin=subprocess.DEVNULL, timeout=60).stdout)["command"]


def arguments(command):
    """The arguments that --help shows; --flip and --no-flip, one text for both, are one."""
    found = []
    for argument in command["arguments"]:
        if not argument.get("shouldDisplay", True):
            continue
        name = argument.get("preferredName", {}).get("name", "")
        if found and found[-1].get("preferredName", {}).get("name") == name.removeprefix("no-") != name:
            found[-1]["names"] += argument["names"]
        else:
            found.append(argument | {"names": list(argument.get("names", []))})
    return found


def spellings(argument):
    """-o, --output: short ones first, as --help has them."""
    names = argument.get("names", [])
    return sorted(({"short": "-"}.get(name["kind"], "--") + name["name"] for name in names),
                  key=lambda name: name.startswith("--"))


def escaped(text):
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def value(name):
    """The macros of a value's name: words to choose from are literal, others are placeholders."""
    if "|" in name:
        return " | ".join(f"Cm {word}" if re.fullmatch(r"[a-z0-9-]+", word) else f"Ar {word}" for word in name.split("|"))\
            .replace("| Cm ", "| ")
    return " Ns = Ns ".join(f"Ar {part}" for part in name.split("=")) if re.fullmatch(r"\w+=\w+", name) else f"Ar {name}"


def words(argument):
    """What --help says about the argument: its text, what it can be, and its default."""
    text = argument["abstract"].strip()
    choices = argument.get("allValues")
    if choices and not set(choices) <= set(argument["valueName"].split("|")):
        text += f" One of {', '.join(choices[:-1])} or {choices[-1]}."
    if "defaultValue" in argument and argument["kind"] != "flag" and argument["defaultValue"] != "-":
        text = f"{text.removesuffix('.')} (default: {argument['defaultValue']})."
    return text


def running_text(text):
    """The text as mdoc: a line a sentence, names of options marked as such."""
    lines = []
    for sentence in re.split(r"(?<=[.])\s+(?=[A-Z])", text):
        # An option's name has a line of its own; brackets and punctuation that touch it stay with it.
        position = 0
        for match in re.finditer(r"(?<![\w-])(?P<open>\(?)--(?P<name>[a-z][a-z0-9-]*)(?P<close>[.,;:)]*)(?=\s|$)", sentence):
            before = sentence[position:match.start()].strip()
            if before:
                lines.append(escaped(before))
            lines.append(" ".join([".Fl", "-" + match["name"], *match["close"]]) if not match["open"] else
                         " ".join([".No (", "Ns Fl", "-" + match["name"], *match["close"]]))
            position = match.end()
        rest = sentence[position:].strip()
        if rest:
            lines.append(escaped(rest))
    return lines


def item(argument):
    if argument["kind"] == "positional":
        title = value(argument["valueName"])
    else:
        names = ["Fl " + name[1:] for name in spellings(argument)]
        if argument["kind"] == "option":
            # The value follows the last name that takes it, which --no-report does not.
            last = max(place for place, name in enumerate(names) if not name.startswith("Fl -no-"))
            names[last] += " " + value(argument["valueName"])
        title = " , ".join(names)
    return [f".It {title}", *running_text(words(argument))]


def listing(members):
    return [".Bl -tag -width Ds", *(line for member in members for line in item(member)), ".El"] if members else []


def groups(command):
    """(title, arguments) in the order of --help: positional ones first, those without a title last."""
    found = arguments(command)
    titles = list(dict.fromkeys(a["sectionTitle"] for a in found if a["kind"] != "positional" and "sectionTitle" in a))
    parts = [("", [a for a in found if a["kind"] == "positional"])]
    parts += [(title, [a for a in found if a.get("sectionTitle") == title and a["kind"] != "positional"]) for title in titles]
    parts += [("", [a for a in found if "sectionTitle" not in a and a["kind"] != "positional"])]
    return [(title, members) for title, members in parts if members]


def meaning(argument):
    """What two subcommands must agree on to have the same option."""
    return (argument["kind"], tuple(spellings(argument)), argument["valueName"], words(argument))


def named(members):
    """A sentence's list of options."""
    if len(members) == 1:
        return [f".Fl {spellings(members[0])[-1][1:]} ."]
    lines = []
    for index, member in enumerate(members):
        end = " ," if index < len(members) - 2 else "" if index == len(members) - 2 else " ."
        if index and index == len(members) - 1:
            lines.append("and")
        lines.append(".Fl " + [name for name in spellings(member) if name.startswith("--")][0][1:] + end)
    return lines


def options(command):
    """The mdoc of all options of a tool."""
    subcommands = [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True) and c["commandName"] != "help"]
    if not subcommands:
        return listing([member for _, members in groups(command) for member in members])
    first = subcommands[0]
    # What each of them takes is listed once.
    every = set.intersection(*({meaning(a) for a in arguments(c)} for c in subcommands))
    known = {meaning(argument) for argument in arguments(first)}
    whole = {title: {meaning(m) for m in members} for title, members in groups(first) if title}
    lines, parts = [], []
    for title, members in groups(first):
        members = [m for m in members if meaning(m) not in every]
        if members and parts and parts[-1][0] == title:
            parts[-1][1].extend(members)
        elif members:
            parts.append((title, members))
    for title, members in parts:
        lines += [f".Ss Options of {first['commandName']}" + (f": {title.lower()}" if title else "")]
        lines += listing(members)
    for command in subcommands[1:]:
        own = [a for a in arguments(command) if meaning(a) not in known]
        shared, sections = [], []
        for title, members in groups(command):
            if title in whole and {meaning(m) for m in members} == whole[title]:
                sections.append(title.lower())
            else:
                shared += [m for m in members if meaning(m) in known - every and m["kind"] != "positional"]
        if not (own or shared or sections):
            continue
        lines += [f".Ss Options of {command['commandName']}"]
        lines += listing([a for _, members in groups(command) for a in members if a in own])
        lines += [".Pp"] if own and (sections or shared) else []
        if sections:
            text = ", ".join(sections[:-1]) + (" and " if sections[:-1] else "") + sections[-1]
            lines += [f"As for {first['commandName']}: all options for {text}" + (";" if shared else ".")]
        elif shared:
            lines += [f"As for {first['commandName']}:"]
        lines += named(shared)
    return [*lines, ".Ss Options of every subcommand", *listing([a for a in arguments(first) if meaning(a) in every])]


def page(text, command):
    """A page's text with its list as it has to be."""
    before, _, rest = text.partition(BEGIN + "\n")
    _, mark, after = rest.partition(END + "\n")
    if not mark:
        raise ValueError("the page has no marks around its list of options")
    return "\n".join([before + BEGIN, *options(command), END, after])


def main(folder):
    for tool in sorted(path.name for path in (ROOT / "Sources").glob("fm-*")):
        path = ROOT / "man" / f"{tool}.1"
        path.write_text(page(path.read_text(), dump(folder, tool)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]).resolve())
