// Cost against traffic on log axes: exact curves, every crossing, and the cheapest option tinted.

const COLOURS = 7, DASHES = ["none", "7 3", "7 3 2 3", "2 3"];
const dashes = (i) => DASHES[(i + 2 * Math.floor(i / COLOURS)) % DASHES.length]; // no two of 28 alike
const BOX = { width: 920, height: 442, left: 70, right: 14, top: 14, bottom: 56 };

function showChart(solution) {
  const { deployments, ends } = scenario();
  const curves = solution.options.map((option) => option.total);
  $("caption").textContent = say(
    "{currency} a month. Circles: costs cross; triangles: a cost jumps past another. Prices: {book}, {date}.",
    { currency: settings.currency, book: scenario().prices.book, date: scenario().prices.as_of });
  if (solution.options.every((option) => !option.total.finite.somewhere)) {
    return $("chart").replaceChildren(say("none can handle the load"));
  }
  // a log axis has no zero: a cost of zero is drawn at the foot
  const values = curves.flatMap((curve) => curve.points).filter((y) => Number.isFinite(y) && y > 0);
  const top = 1.3 * values.reduce((a, b) => Math.max(a, b), values.length ? 0 : 10);
  const low = Math.max(values.reduce((a, b) => Math.min(a, b), top) / 1.3, top / 1e6);
  const across = acrossChart();
  const up = onLog(low, top, BOX.height - BOX.bottom, BOX.top);
  const y = (value) => up(Math.max(value, low));
  const base = BOX.height - BOX.bottom;
  const shades = solution.intervals.filter((part) => part.winner !== null).map((part) => el("rect", {
    class: `shade colour-${part.winner % COLOURS}`, x: across(part.start), y: BOX.top,
    width: Math.max(across(part.stop) - across(part.start), 0.5), height: base - BOX.top,
  }));
  const marks = solution.pairs.flatMap((pair) => pair.crossings).map((crossing) => {
    const [x, at] = [across(crossing.x), y(crossing.cost)];
    return crossing.kind === "root" ? el("circle", { class: "mark", cx: x, cy: at, r: 3.2 })
      : el("polygon", { class: "mark", points: `${x},${at - 4} ${x + 4},${at + 3} ${x - 4},${at + 3}` });
  });
  const picture = el("svg", {
    viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img",
    "aria-label": say("Cost against traffic; the tables below have the same numbers."),
    onclick: (event) => {
      const box = picture.getBoundingClientRect();
      const part = (((event.clientX - box.left) / box.width) * BOX.width - BOX.left)
        / (BOX.width - BOX.left - BOX.right);
      change({ traffic: within(ends[0] * (ends[1] / ends[0]) ** part, ends) });
    },
  },
  ...shades,
  ...ticks(tb(ends[0]), tb(ends[1])).map((x) => tick(across(x / scenario().per_base), base, short(x), "x")),
  ...ticks(low, top).map((value) => tick(BOX.left, up(value), short(value), "y")),
  ...curves.map((curve, i) => el("path", {
    class: `curve colour-${i % COLOURS}`, "stroke-dasharray": dashes(i),
    d: path(curve, across, y),
  })),
  ...marks,
  el("line", { id: "here", y1: BOX.top, y2: base }),
  el("text", { class: "axis", x: BOX.width - BOX.right, y: BOX.height - 6, "text-anchor": "end" },
    say("traffic [TB a month]")),
  el("text", { class: "axis", x: BOX.left + 6, y: BOX.top + 20 }, settings.currency));
  const legend = el("p", { class: "legend" }, deployments.map((deployment, i) => el("span", { class: "key" },
    el("svg", { viewBox: "0 0 30 8", width: 30, height: 8, "aria-hidden": "true" },
      el("line", { class: `curve colour-${i % COLOURS}`, x1: 0, x2: 30, y1: 4, y2: 4,
        "stroke-dasharray": dashes(i) })),
    ` ${deployment.name}`)));
  $("chart").replaceChildren(legend, picture);
}

// the position of a value on a log axis from one position to another
const onLog = (first, last, from, to) => (value) => (
  from + ((to - from) * Math.log(value / first)) / Math.log(last / first));
const acrossChart = () => onLog(...scenario().ends, BOX.left, BOX.width - BOX.right);

// the line at the chosen traffic
function showHere() {
  const here = acrossChart()(settings.traffic);
  $("here")?.setAttribute("x1", here);
  $("here")?.setAttribute("x2", here);
}

// both ends of every piece, and points within long sloped ones, which bend on log axes
function path(curve, across, y) {
  const steps = [];
  let drawing = false;
  const go = (x, value) => {
    steps.push(`${drawing ? "L" : "M"}${across(x).toFixed(1)} ${y(value).toFixed(1)}`);
    drawing = true;
  };
  for (let i = 0; i < curve.intercept.length; i++) {
    const [from, to] = [curve.edges[i], curve.edges[i + 1]];
    if (!Number.isFinite(curve.line(i, from))) {
      drawing = false;
      continue;
    }
    const count = curve.slope[i] ? Math.max(1, Math.ceil(Math.log(to / from) / 0.03)) : 1;
    for (let k = 0; k <= count; k++) {
      const x = k === count ? to : from * (to / from) ** (k / count);
      go(x, curve.line(i, x));
    }
  }
  return steps.join("");
}

// 1, 2 and 5 times each power of ten; on a long axis the powers only
function ticks(low, high) {
  const digits = high / low > 2000 ? [1] : [1, 2, 5];
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    values.push(...digits.map((digit) => Number(`${digit}e${power}`)));
  }
  return values.filter((x) => x >= low * (1 - 1e-9) && x <= high * (1 + 1e-9));
}

function tick(x, y, text, axis) {
  return axis === "x"
    ? el("g", {}, el("line", { class: "grid", x1: x, x2: x, y1: BOX.top, y2: y }),
      el("text", { class: "axis", x, y: y + 20, "text-anchor": "middle" }, text))
    : el("g", {}, el("line", { class: "grid", x1: x, x2: BOX.width - BOX.right, y1: y, y2: y }),
      el("text", { class: "axis", x: x - 6, y: y + 4, "text-anchor": "end" }, text));
}
