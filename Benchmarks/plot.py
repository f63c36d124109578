"""Small pictures of curves with logarithmic axes, as SVG."""

import math
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT, COLUMNS = 360, 240, 2
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 34, 44
COLOURS = ("#1f5fa8", "#c0562b")


@dataclass
class Panel:
    """Named series of points in one picture."""

    title: str
    x: str
    y: str
    series: dict = field(default_factory=dict)


def scale(values, low_pixel, high_pixel):
    """A logarithmic scale over some values and its ticks."""
    low, high = math.log10(min(values)), math.log10(max(values))
    # At least half a decade, so that noise does not look like a trend.
    middle, half = (low + high) / 2, max(high - low, 0.5) / 2 * 1.1
    low, high = middle - half, middle + half

    def place(value):
        return low_pixel + (math.log10(value) - low) / (high - low) * (high_pixel - low_pixel)

    width = high - low
    steps = (1,) if width > 2.5 else (1, 2, 5) if width > 0.8 else (1, 1.5, 2, 3, 5, 7)
    decades = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10**decade for decade in decades for step in steps]
    return place, [tick for tick in ticks if low <= math.log10(tick) <= high]


def label(value):
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e3 else f"{value:g}"


def draw(panel, left, top):
    points = [point for series in panel.series.values() for point in series]
    across, _ = scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    x_ticks = sorted({x for x, _ in points})
    up, y_ticks = scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<g transform="translate({left},{top})">',
             f'<text x="{LEFT}" y="18" class="title">{escape(panel.title)}</text>']
    for tick in x_ticks:
        x = across(tick)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">'
                     f'{label(tick)}</text>')
    for tick in y_ticks:
        y = up(tick)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{label(tick)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" '
                 f'text-anchor="middle">{escape(panel.x)}</text>')
    parts.append(f'<text transform="translate(14,{(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
                 f'text-anchor="middle">{escape(panel.y)}</text>')
    for colour, (name, series) in zip(COLOURS, panel.series.items()):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in series)
        parts.append(f'<polyline points="{path}" stroke="{colour}"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}">'
                  f'<title>{escape(name)}: {x:g}, {y:.3g}</title></circle>' for x, y in series]
        if len(panel.series) > 1:
            place = list(panel.series).index(name)
            parts.append(f'<text x="{WIDTH - RIGHT}" y="{18 + 13 * place}" text-anchor="end" '
                         f'style="fill: {colour}">{escape(name)}</text>')
    return "\n".join(parts + ["</g>"])


def page(panels):
    """All panels, two in a row."""
    rows = math.ceil(len(panels) / COLUMNS)
    body = "\n".join(
        draw(panel, index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT)
        for index, panel in enumerate(panels))
    width, height = COLUMNS * WIDTH, rows * HEIGHT
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">
<style>
text {{ font: 11px sans-serif; fill: #333 }}
.title {{ font-size: 13px; font-weight: bold }}
line {{ stroke: #ddd }}
polyline {{ fill: none; stroke-width: 1.8 }}
</style>
<rect width="{width}" height="{height}" fill="white"/>
{body}
</svg>
"""
