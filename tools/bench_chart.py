# SPDX-License-Identifier: MIT
"""Draw each row of the benchmark against the crowd, as one SVG page of small charts (for tools/bench).

A chart has the crowd from 0 to 100 percent across and instructions upwards from 0; the model is the heavy line, Linux
the light one, half of Linux the dashed one: below that the demand is met.
"""
from xml.sax.saxutils import escape

COLUMNS, WIDTH, HEIGHT = 5, 230, 150
LEFT, RIGHT, TOP, BOTTOM = 14, 14, 34, 18
HEAD = 56
COLOURS = {"linux": "#b0a08a", "model": "#1f4e79"}
STYLE = "font-family='sans-serif'"


def points(costs, top, x, y):
    """The corners of a line, for SVG."""
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    return " ".join(f"{x + LEFT + across * percent / 100:.1f},{y + TOP + up - up * cost / top:.1f}"
                    for percent, cost in sorted(costs.items()))


def short(cost):
    """12.3k, 4.5M: three digits or so."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if cost >= size:
            return f"{cost / size:.3g}{letter}"
    return str(cost)


def line(costs, top, x, y, colour, more=""):
    return f"<polyline points='{points(costs, top, x, y)}' fill='none' stroke='{colour}' {more}/>"


def chart(row, x, y):
    top = max(list(row.model.values()) + list(row.linux.values())) * 1.08
    last = max(row.model)
    parts = [f"<rect x='{x + LEFT}' y='{y + TOP}' width='{WIDTH - LEFT - RIGHT}' height='{HEIGHT - TOP - BOTTOM}' "
             "fill='#faf8f4' stroke='#ddd'/>",
             f"<text x='{x + LEFT}' y='{y + 16}' font-size='12' font-weight='bold'>{escape(row.name)}</text>"]
    figures = short(row.model[last])
    if row.linux:
        half = {percent: cost / 2 for percent, cost in row.linux.items()}
        parts.append(line(row.linux, top, x, y, COLOURS["linux"], "stroke-width='1.5'"))
        parts.append(line(half, top, x, y, COLOURS["linux"], "stroke-dasharray='4 3'"))
        figures += f" of {short(row.linux[last])}"
    parts.append(line(row.model, top, x, y, COLOURS["model"], "stroke-width='2.5'"))
    parts.append(f"<text x='{x + LEFT}' y='{y + 29}' font-size='11' fill='#555'>{figures}</text>")
    return parts


def draw(rows):
    """The whole page, as text."""
    height = HEAD + -(-len(rows) // COLUMNS) * HEIGHT
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' width='{COLUMNS * WIDTH}' height='{height}' "
             f"viewBox='0 0 {COLUMNS * WIDTH} {height}' {STYLE}>",
             "<rect width='100%' height='100%' fill='white'/>",
             f"<text x='{LEFT}' y='24' font-size='17'>Instructions for one operation against the crowd</text>",
             f"<text x='{LEFT}' y='44' font-size='12' fill='#555'>from nobody to 2,000 tasks, 1,000 control groups, 500 "
             "namespaces and 10,000 files; heavy: the model, light: Linux, dashed: half of Linux</text>"]
    for number, row in enumerate(rows):
        parts += chart(row, number % COLUMNS * WIDTH, HEAD + number // COLUMNS * HEIGHT)
    return "\n".join(parts + ["</svg>"]) + "\n"
