"use strict";

/** An element of a drawing with its attributes. */
function shape(parent, name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return parent.appendChild(element);
}

/** Round numbers in a range, about as many as asked for. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/**
 * Axes in an empty drawing.
 *
 * `x` and `y` say of each axis where it starts and ends (`low`, `high`), what it is (`label`), and how
 * a number on it is written (`format`); an axis with `hasNumbers: false` has a label alone.
 * Gives the functions from numbers to places.
 */
function axes(svg, x, y) {
  const [width, height] = [Math.max(svg.clientWidth, 280), 330];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const edge = { left: y.hasNumbers === false ? 36 : 68, right: 20, top: 16, bottom: 52 };
  const place = {
    x: (value) =>
      edge.left + ((value - x.low) / (x.high - x.low)) * (width - edge.left - edge.right),
    y: (value) =>
      height - edge.bottom - ((value - y.low) / (y.high - y.low)) * (height - edge.top - edge.bottom),
  };
  svg.replaceChildren();
  const floor = place.y(y.low);
  if (y.hasNumbers !== false) {
    for (const value of ticks(y.low, y.high, 5)) {
      const height = place.y(value);
      shape(svg, "line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: height, y2: height });
      shape(
        svg, "text",
        { class: "tick-y", x: edge.left - 8, y: height + 4, "text-anchor": "end", "data-value": value },
        y.format(value));
    }
  }
  shape(svg, "line", { class: "axis", x1: edge.left, x2: width - edge.right, y1: floor, y2: floor });
  for (const value of ticks(x.low, x.high, width / 90)) {
    const left = place.x(value);
    shape(svg, "line", { class: "axis", x1: left, x2: left, y1: floor, y2: floor + 5 });
    shape(
      svg, "text",
      { class: "tick-x", x: left, y: floor + 20, "text-anchor": "middle", "data-value": value },
      x.format(value));
  }
  shape(
    svg, "text",
    { x: (edge.left + width - edge.right) / 2, y: height - 8, "text-anchor": "middle" }, x.label);
  const middle = (edge.top + floor) / 2;
  shape(
    svg, "text",
    { x: 16, y: middle, "text-anchor": "middle", transform: `rotate(-90 16 ${middle})` }, y.label);
  return place;
}

/** The path through points. */
function path(points, place) {
  return points
    .map(([x, y], index) => `${index ? "L" : "M"}${place.x(x).toFixed(2)} ${place.y(y).toFixed(2)}`)
    .join("");
}

/** The densities of histograms: `[{ name, style, histogram }]`. */
function drawDensities(svg, curves, axis) {
  const lines = curves.map(({ histogram }) => {
    const { start, width, probabilities } = histogram;
    const points = probabilities.map((share, index) => [start + (index + 0.5) * width, share / width]);
    // Down to the axis half a bin outside, so that the area stays 1.
    return [
      [start - 0.5 * width, 0], ...points, [start + (probabilities.length + 0.5) * width, 0],
    ];
  });
  const all = lines.flat();
  const low = Math.max(0, Math.min(...all.map(([x]) => x)));
  const high = Math.min(1, Math.max(...all.map(([x]) => x)));
  const top = Math.max(...all.map(([, y]) => y));
  const place = axes(
    svg, { low, high, ...axis },
    { low: 0, high: 1.12 * top, label: "probability density", hasNumbers: false });
  curves.forEach(({ name, style }, index) => {
    const line = lines[index];
    shape(svg, "path", { class: `area ${style}`, d: path(line, place) + "Z" });
    shape(svg, "path", { class: `curve ${style}`, "data-name": style, d: path(line, place) });
    const [x, y] = line.reduce((best, point) => (point[1] > best[1] ? point : best));
    shape(
      svg, "text", { class: `name ${style}`, x: place.x(x), y: place.y(y) - 8, "text-anchor": "middle" },
      name);
  });
}

/** Measured numbers with mean and interval of what is behind them: `[{ time, value, mean, low, high }]`. */
function drawBand(svg, rows, x, y) {
  const place = axes(svg, x, y);
  const upper = rows.map(({ time, high }) => [time, high]);
  const lower = rows.map(({ time, low }) => [time, low]).reverse();
  shape(svg, "path", { class: "area a", "data-name": "band", d: path([...upper, ...lower], place) + "Z" });
  for (const { time, value } of rows) {
    if (value === null) continue;
    shape(svg, "circle", { class: "point", cx: place.x(time), cy: place.y(value), r: 2.6 });
  }
  const means = rows.map(({ time, mean }) => [time, mean]);
  shape(svg, "path", { class: "curve a", "data-name": "mean", d: path(means, place) });
}
