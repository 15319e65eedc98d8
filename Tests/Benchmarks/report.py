"""Draws the results of a run of benchmarks (turns.py) as one SVG: how many times as fast fm is as each peer, with the
middle half of the turns; hollow where the machine was busy with something else.

usage: report.py RESULTS.json PICTURE.svg
"""
import html
import json
import math
import sys

ROW, LEFT, WIDTH, RIGHT = 22, 430, 520, 90
COLORS = {"quiet": "#1b6ca8", "niced": "#c77700", "ordinary": "#a83232"}


def rows(results):
    """A row for each result and peer."""
    for result in results:
        for peer, ratio in result["ratios"].items():
            yield {"label": f"{result['title']} / {peer}", "beside": result["beside"], **ratio,
                   "busy": result["busy_turns"] > 0}


def drawing(results):
    found = list(rows(results))
    largest = max([row["high"] for row in found] + [2])
    smallest = min([row["low"] for row in found] + [0.5])
    low, high = math.floor(math.log2(smallest)), math.ceil(math.log2(largest))

    def place(value):
        return LEFT + WIDTH * (math.log2(value) - low) / (high - low)

    height = ROW * (len(found) + 3)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" font-family="sans-serif"'
        ' font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="16">Ratio of fm to the peer in turns: median and middle half; hollow: busy machine.'
        f' {html.escape(results[0]["time"] if results else "")}</text>']
    for index, (name, color) in enumerate(COLORS.items()):
        lines.append(f'<circle cx="{LEFT + 130 * index}" cy="32" r="5" fill="{color}"/>'
                     f'<text x="{LEFT + 130 * index + 10}" y="36">{name if name == "quiet" else name + " load"}</text>')
    bottom = ROW * (len(found) + 2)
    for power in range(low, high + 1):
        x = place(2 ** power)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="44" y2="{bottom}"'
                     f' stroke="{"#555" if power == 0 else "#ddd"}"/>'
                     f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{2.0 ** power:g}</text>')
    for index, row in enumerate(found):
        y = ROW * (index + 2) + 12
        color = COLORS[row["beside"]]
        lines.append(
            f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{html.escape(row["label"])}</text>'
            f'<line x1="{place(row["low"]):.1f}" x2="{place(row["high"]):.1f}" y1="{y}" y2="{y}" stroke="{color}"'
            ' stroke-width="3"/>'
            f'<circle cx="{place(row["median"]):.1f}" cy="{y}" r="5" stroke="{color}" stroke-width="2"'
            f' fill="{"white" if row["busy"] else color}"/>'
            f'<text x="{LEFT + WIDTH + 10}" y="{y + 4}">{row["median"]:.2f}</text>')
    return "\n".join(lines + ["</svg>"]) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1]) as source:
        everything = json.load(source)
    with open(sys.argv[2], "w") as target:
        target.write(drawing(everything))
