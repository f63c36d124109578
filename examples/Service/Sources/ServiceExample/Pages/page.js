"use strict";

const find = (id) => document.getElementById(id);

/** What a field holds: a number where it is one, otherwise the text, which the service refuses. */
function content(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** Runs the action of a form when it is sent; shows what the service has to say about bad data. */
function onSubmit(name, action) {
  const form = find(name);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const problem = find(`${name}-problem`);
    button.disabled = true;
    problem.hidden = true;
    try {
      await action(new FormData(form));
    } catch (error) {
      find(`${name}-result`).hidden = true;
      problem.textContent = error.message;
      problem.hidden = false;
    }
    button.disabled = false;
  });
}

const drawings = new Map();
addEventListener("resize", () => drawings.forEach((draw) => draw()));

/** Draws, and draws again when the page gets another width. */
function keepDrawn(name, draw) {
  drawings.set(name, draw);
  draw();
}

/** The error that an answer tells. */
function failure(answer) {
  return new Error(answer.error.text ?? answer.error.message);
}

async function checked(response) {
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({ error: { message: response.statusText } }));
  throw failure(answer);
}

const percent = (digits) => (value) => `${(100 * value).toFixed(digits)} %`;

onSubmit("conversion", async (fields) => {
  const data = Object.fromEntries([...fields].map(([name, text]) => [name, content(text)]));
  const response = await checked(
    await fetch("models/conversion/posterior?bins=30", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data, null, 1),
    }));
  const answer = await response.json();
  const variables = Object.fromEntries(answer.variables.map((variable) => [variable.name, variable]));
  find("conversion-result").hidden = false;
  find("conversion-headline").textContent =
    `Page B sells more with probability ${percent(1)(variables.better.mean)}.`;
  find("conversion-headline").dataset.value = variables.better.mean;
  const curves = [
    { name: "Page A", style: "a", histogram: variables.shareA.histogram },
    { name: "Page B", style: "b", histogram: variables.shareB.histogram },
  ];
  const axis = {
    label: "share of visitors who buy", format: (value) => `${+(100 * value).toPrecision(3)} %`,
  };
  keepDrawn("conversion", () => drawDensities(find("conversion-plot"), curves, axis));
  const rows = [["Page A", variables.shareA], ["Page B", variables.shareB], ["B − A", variables.gain]];
  find("conversion-table").replaceChildren(
    ...rows.map(([name, { name: variable, mean, quantiles }]) => {
      const row = document.createElement("tr");
      row.dataset.name = variable;
      const heading = row.appendChild(document.createElement("th"));
      heading.scope = "row";
      heading.textContent = name;
      for (const value of [mean, quantiles[0], quantiles[2], quantiles[4]]) {
        const cell = row.appendChild(document.createElement("td"));
        cell.textContent = percent(2)(value);
        cell.dataset.value = value;
      }
      return row;
    }));
});

/** The objects on the lines of an answer, as they come. */
async function* objects(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

const firstYear = 1871;

onSubmit("river", async (fields) => {
  const flows = fields.get("flow").split(",").map(content);
  const data = { sdLevel: content(fields.get("sdLevel")), sdFlow: content(fields.get("sdFlow")) };
  const address = `models/river/filter?particles=5000&data=${encodeURIComponent(JSON.stringify(data))}`;
  const response = await checked(
    await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson" },
      body: flows.map((flow) => JSON.stringify({ flow }) + "\n").join(""),
    }));
  const numbers = flows.filter((flow) => typeof flow === "number");
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const room = 0.05 * (highest - lowest || 1);
  const x = {
    low: firstYear, high: firstYear + Math.max(flows.length - 1, 1), label: "year", format: String,
  };
  const y = {
    low: lowest - room, high: highest + room, label: "flow (10⁸ m³)",
    format: (value) => String(+value.toPrecision(6)),
  };
  const rows = [];
  let isWaiting = false;
  const draw = () => {
    isWaiting = false;
    drawBand(find("river-plot"), rows, x, y);
  };
  for await (const answer of objects(response)) {
    if (answer.error) throw failure(answer);
    const { mean, q5, q95 } = answer.state.level;
    rows.push({
      time: firstYear + answer.record, value: flows[answer.record], mean,
      low: q5, high: q95,
    });
    find("river-result").hidden = false;
    if (!isWaiting) {
      isWaiting = true;
      requestAnimationFrame(draw);
    }
  }
  keepDrawn("river", draw);
  const last = rows.at(-1);
  find("river-headline").textContent =
    `In ${last.time} the level is ${last.mean.toFixed(0)}, with probability 90 % between `
    + `${last.low.toFixed(0)} and ${last.high.toFixed(0)}.`;
});
