// Draws every <figure data-chart> from the table inside it. Chart.js is fetched only on pages that have one.
const LIBRARY = new URL("../chart/chart.umd.min.js", import.meta.url);

const LONGEST = 20;

function loadLibrary() {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: LIBRARY, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

function read(table) {
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: names.map((name, index) => ({ name, values: rows.map((row) => Number(row.cells[index + 1].dataset.value)) })),
    axis: table.tHead.rows[0].cells[0].textContent.trim(),
  };
}

// A long name would push the drawing out of the figure; the table has it whole.
function names(scale) {
  const shortened = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);
  return { ...scale, ticks: { ...scale.ticks, callback(index) { return shortened(this.getLabelForValue(index)); } } };
}

function options(figure, data, color) {
  const scale = (text) => ({
    title: { display: Boolean(text), text, color: color("--ink-soft") },
    ticks: { color: color("--ink-soft") },
    grid: { color: color("--line") },
  });
  return {
    animation: false,
    maintainAspectRatio: false,
    scales: { x: { ...names(scale(data.axis)), grid: { display: false } }, y: { ...scale(figure.dataset.unit ?? ""), beginAtZero: true } },
    plugins: { legend: { display: data.series.length > 1, labels: { color: color("--ink") } } },
  };
}

function draw(figure) {
  const data = read(figure.querySelector("table"));
  const plot = figure.querySelector(".plot");
  // A probe turns light-dark(…) into the color of the theme that is showing.
  const color = (name) => {
    plot.style.color = `var(${name})`;
    return getComputedStyle(plot).color;
  };
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", figure.querySelector("figcaption").textContent);
  plot.replaceChildren(canvas);
  plot.hidden = false;
  figure.querySelector("details").open = false;
  const tones = ["--accent", "--amber", "--edge", "--loss"].map(color);
  const datasets = data.series.map(({ name, values }, index) => ({
    label: name, data: values, backgroundColor: tones[index % 4], borderColor: tones[index % 4], maxBarThickness: 48,
  }));
  return new globalThis.Chart(canvas, {
    type: figure.dataset.chart, data: { labels: data.labels, datasets }, options: options(figure, data, color),
  });
}

const figures = document.querySelectorAll("figure[data-chart]");
if (figures.length) {
  await loadLibrary();
  let charts = [...figures].map(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    charts.forEach((chart) => chart.destroy());
    charts = [...figures].map(draw);
  });
}
