"""Draws the targets of Package.swift and their dependencies as SVG.

    python3 Tests/Documentation/draw_targets.py > Sources/targets.svg

A target is drawn above everything it depends on. An arrow that follows from others is left out: if A uses B and B uses
C, A may use C as well. Standard library only; the same Package.swift gives the same bytes.
"""

import sys

sys.dont_write_bytecode = True
from test_structure import targets  # noqa: E402

BOX_HEIGHT, ROW_HEIGHT, CHARACTER, PADDING, GAP, MARGIN = 26, 66, 7.0, 18, 16, 12
# Fill and outline of each kind of target.
COLORS = {"command": ("#fff3bf", "#b08900"), "library": ("#dbeafe", "#3b6fb6"), "C": ("#e9ecef", "#868e96")}
LEGEND = {"command": "command", "library": "Swift library", "C": "C: system module, shim or kernels"}
SWEEPS = 24


def kind(name):
    return "command" if name.startswith("fm-") else "C" if name[0] == "C" and name[1].isupper() else "library"


def reachable(graph):
    """Everything that each node depends on, directly or not."""
    found = {}

    def visit(node):
        if node not in found:
            found[node] = set()
            for other in sorted(graph[node]):
                found[node] |= {other} | visit(other)
        return found[node]

    for node in graph:
        visit(node)
    return found


def reduced(graph):
    """The graph without the arrows that follow from others."""
    reach = reachable(graph)
    return {node: sorted(other for other in others if not any(other in reach[step] for step in others))
            for node, others in graph.items()}


def rows(graph):
    """The row of each node, 0 at the top: commands there, everything else just below its highest possible user."""
    users = {node: [user for user, others in graph.items() if node in others] for node in graph}
    found = {}

    def row(node):
        if node not in found:
            found[node] = 0 if kind(node) == "command" else 1 + max(map(row, users[node]), default=0)
        return found[node]

    for node in graph:
        row(node)
    return found


def layout(graph):
    """Rows of nodes in order, where an arrow over several rows has a point in each between; and the arrows' steps."""
    row = rows(graph)
    order = [[] for _ in range(max(row.values()) + 1)]
    for node in graph:
        order[row[node]].append(node)
    steps = []
    for start, ends in graph.items():
        for end in ends:
            path = [start, *((start, end, level) for level in range(row[start] + 1, row[end])), end]
            for level, point in enumerate(path[1:-1], row[start] + 1):
                order[level].append(point)
            steps.append(path)
    up, down = {}, {}
    for path in steps:
        for start, end in zip(path, path[1:]):
            down.setdefault(start, []).append(end)
            up.setdefault(end, []).append(start)
    best, fewest = None, None
    for sweep in range(SWEEPS):
        levels = range(1, len(order)) if sweep % 2 == 0 else range(len(order) - 2, -1, -1)
        near, step = (up, -1) if sweep % 2 == 0 else (down, 1)
        for level in levels:
            place = {node: index for index, node in enumerate(order[level + step])}
            old = {node: index for index, node in enumerate(order[level])}

            def center(node):
                found = [place[other] for other in near.get(node, [])]
                return sum(found) / len(found) if found else old[node] * len(place) / len(old)

            order[level].sort(key=lambda node: (center(node), old[node]))
        count = crossings(order, down)
        if fewest is None or count < fewest:
            best, fewest = [list(level) for level in order], count
    return best, steps, up, down


def crossings(order, down):
    count = 0
    for level, following in zip(order, order[1:]):
        place = {node: index for index, node in enumerate(following)}
        ends = [(index, place[other]) for index, node in enumerate(level) for other in down.get(node, [])]
        count += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(ends) for c, d in ends[:i])
    return count


def width(node):
    return len(node) * CHARACTER + PADDING if isinstance(node, str) else 4


def positions(order, up, down):
    """The horizontal center of each node: near its neighbors' mean, in order and without overlaps."""
    x = {}
    for level in order:
        edge = 0
        for node in level:
            x[node] = edge + width(node) / 2
            edge += width(node) + GAP
    for sweep in range(SWEEPS * 4):
        for level in order if sweep % 2 else reversed(order):
            wanted = {}
            for node in level:
                near = up.get(node, []) + down.get(node, [])
                wanted[node] = sum(x[other] for other in near) / len(near) if near else x[node]
            # The mean of packing from the left and from the right keeps the order and the gaps.
            left, edge = {}, float("-inf")
            for node in level:
                left[node] = max(wanted[node], edge + width(node) / 2)
                edge = left[node] + width(node) / 2 + GAP
            right, edge = {}, float("inf")
            for node in reversed(level):
                right[node] = min(wanted[node], edge - width(node) / 2)
                edge = right[node] - width(node) / 2 - GAP
            for node in level:
                x[node] = (left[node] + right[node]) / 2
    lowest = min(x[node] - width(node) / 2 for node in x)
    return {node: round(value - lowest + MARGIN, 1) for node, value in x.items()}


def drawing(graph):
    graph = reduced(graph)
    order, steps, up, down = layout(graph)
    x = positions(order, up, down)
    y = {node: MARGIN + ROW_HEIGHT * index for index, level in enumerate(order) for node in level}
    right = round(max(x[node] + width(node) / 2 for node in x) + MARGIN)
    bottom = MARGIN * 4 + ROW_HEIGHT * (len(order) - 1) + BOX_HEIGHT + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right}" height="{bottom}" viewBox="0 0 {right} {bottom}" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">',
        "<title>The targets of fm; an arrow points to what a target uses</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#6c757d"/></marker></defs>',
        '<g fill="none" stroke="#6c757d" marker-end="url(#head)">',
    ]
    for path in steps:
        start, end = path[0], path[-1]
        points = [(x[start], y[start] + BOX_HEIGHT)]
        words = [f"M{points[0][0]:g} {points[0][1]:g}"]
        for node in path[1:]:
            before, here = points[-1], (x[node], y[node])
            middle = (before[1] + here[1]) / 2
            words.append(f"C{before[0]:g} {middle:g} {here[0]:g} {middle:g} {here[0]:g} {here[1]:g}")
            if node != end:
                words.append(f"V{y[node] + BOX_HEIGHT:g}")
            points.append((x[node], y[node] + BOX_HEIGHT))
        lines.append(f'<path d="{" ".join(words)}"><title>{start} uses {end}</title></path>')
    lines.append("</g>")

    def box(left, top, wide, name, colors):
        fill, outline = COLORS[colors]
        return (f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{BOX_HEIGHT}" rx="5" fill="{fill}" '
                f'stroke="{outline}"/><text x="{left + wide / 2:g}" y="{top + 17:g}" text-anchor="middle">{name}</text>')

    for name in graph:
        lines.append(box(round(x[name] - width(name) / 2, 1), y[name], width(name), name, kind(name)))
    left = MARGIN
    for name, text in LEGEND.items():
        lines.append(box(left, bottom - MARGIN - BOX_HEIGHT, width(text), text, name))
        left += width(text) + GAP
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    sys.stdout.write(drawing(targets()))
