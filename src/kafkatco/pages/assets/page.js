// The page: settings in, answers out.  Every text goes in as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const models = data.cases.map((scenario) => new Model(data, scenario));
const COLOURS = 7, DASHES = ["none", "7 3", "7 3 2 3", "2 3"];
const dashes = (i) => DASHES[(i + 2 * Math.floor(i / COLOURS)) % DASHES.length]; // no two of 28 alike
const opened = new Set(); // the bills whose lines are shown
let language = data.language;
let at = 0; // which scenario
let settings = asInFile();
let shown = null; // what the chart and the tables of crossovers were made of

const $ = (id) => document.getElementById(id);

function el(tag, attributes = {}, ...children) {
  const made = tag === "svg" || svgTags.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}
const svgTags = new Set(["g", "path", "line", "rect", "circle", "polygon", "text"]);

// a text in the language of the page, with its {parts}, which are shown as they are
function say(text, parts = {}) {
  if (Array.isArray(text)) return say(...text);
  const words = data.words[language] ?? {};
  const found = Object.hasOwn(words, text) ? words[text] : text;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(parts, name) ? parts[name] : whole));
}

const scenario = () => data.cases[at];
const locale = () => (language === "ko" ? "ko-KR" : "en-US");
const tb = (x) => x * scenario().per_base;
const number = (value, digits = 6) => value.toLocaleString(locale(), { maximumSignificantDigits: digits });
const share = (value, digits = 1) => `${value.toLocaleString(locale(), { maximumFractionDigits: digits })} %`;
const money = (value) => {
  const digits = ["KRW", "JPY"].includes(settings.currency) ? 0 : 2;
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
const short = (value) => value.toLocaleString(locale(), { notation: "compact", maximumSignificantDigits: 3 });
const exact = (value, shown) => el("data", { value: String(value) }, shown); // all its digits

function asInFile() {
  const { currency, traffic, fanout } = data.cases[at];
  return { currency, traffic, fanout, salary: null, rates: {}, people: {}, discounts: {} };
}

// ---- settings: a link holds what differs from the file -------------------------------------

function toLink() {
  const own = asInFile(), found = new URLSearchParams();
  const { deployments } = scenario();
  if (at) found.set("prices", at);
  if (settings.traffic !== own.traffic) found.set("traffic", tb(settings.traffic));
  if (settings.fanout !== own.fanout) found.set("fanout", settings.fanout);
  if (settings.currency !== own.currency) found.set("currency", settings.currency);
  if (settings.salary !== null) found.set("salary", settings.salary);
  for (const [money, value] of Object.entries(settings.rates)) found.set(`rate.${money}`, value);
  for (const [i, value] of Object.entries(settings.people)) found.set(`fte.${deployments[i].name}`, value);
  for (const [i, value] of Object.entries(settings.discounts)) {
    found.set(`discount.${deployments[i].name}`, value);
  }
  if (language !== data.language) found.set("language", language);
  if (found.size) found.set("sha256", scenario().prices.sha256.slice(0, 12));
  return `#${found}`;
}

// read a link; what is no setting of this page is told, and left as in the file
function fromLink(text) {
  const given = new URLSearchParams(text.replace(/^#/, "")), odd = [];
  const chosen = Number(given.get("prices") ?? 0);
  at = data.cases[chosen] ? chosen : 0;
  settings = asInFile();
  const { deployments, rates, fanouts, ends } = scenario();
  for (const [key, value] of given) {
    const [what, ...rest] = key.split("."), name = rest.join(".");
    const which = deployments.findIndex((item) => item.name === name), x = Number(value);
    const amount = value.trim() !== "" && Number.isFinite(x) && x >= 0;
    if (key === "prices" && data.cases[chosen]) continue;
    else if (key === "language" && data.languages.includes(value)) language = value;
    else if (key === "currency" && Object.hasOwn(rates, value)) settings.currency = value;
    else if (key === "fanout" && fanouts.includes(x) && amount) settings.fanout = x;
    else if (key === "salary" && amount) settings.salary = x;
    else if (key === "traffic" && amount && covers(ends, x / scenario().per_base)) {
      settings.traffic = within(x / scenario().per_base, ends);
    }
    else if (what === "rate" && name !== "USD" && Object.hasOwn(rates, name) && amount && x > 0) settings.rates[name] = x;
    else if (what === "fte" && typeof deployments[which]?.people === "number" && amount) settings.people[which] = x;
    else if (what === "discount" && which >= 0 && amount && x <= 1) settings.discounts[which] = x;
    else if (key !== "sha256") odd.push(`${key}=${value}`);
  }
  const made = given.get("sha256");
  const others = made && !scenario().prices.sha256.startsWith(made);
  $("notice").textContent = [
    others ? say("This link was made with other prices: its numbers were others.") : "",
    odd.length ? say("Not a setting of this page: {what}", { what: odd.join(", ") }) : "",
  ].filter(Boolean).join(" ");
}

// whether a traffic is between the ends, but for rounding
const covers = ([low, high], x) => x >= low * (1 - 1e-12) && x <= high * (1 + 1e-12);
const within = (x, [low, high]) => Math.min(Math.max(x, low), high);

function change(changes) {
  settings = { ...settings, ...changes };
  show();
}

// an own value for one of several, or the file's again where it is null
function changeOne(what, key, value) {
  const { [key]: _, ...others } = settings[what];
  change({ [what]: value === null ? others : { ...others, [key]: value } });
}

// ---- controls --------------------------------------------------------------------------------

// a slider and a number beside it; `read` and `write` are its value in the settings
function control({ id, label, unit, low, high, log, read, write }) {
  const scale = log ? Math.log10 : (x) => x, back = log ? (p) => 10 ** p : (p) => p;
  const slider = el("input", {
    type: "range", id: `${id}-slider`, min: scale(low), max: scale(high), step: "any",
    "aria-label": `${label} [${unit}]`,
    oninput: () => write(back(Number(slider.value))),
  });
  const box = el("input", {
    type: "number", id, step: "any", min: 0, inputmode: "decimal",
    onchange: () => {
      const x = box.valueAsNumber;
      write(box.value.trim() === "" ? null : Number.isFinite(x) && x >= 0 ? x : read());
    },
  });
  const refresh = () => {
    const value = read();
    if (document.activeElement !== slider && value !== null) slider.value = scale(Math.max(value, log ? low : 0));
    if (value !== null) slider.setAttribute("aria-valuetext", `${number(value)} ${unit}`);
    box.value = value === null ? "" : +value.toPrecision(document.activeElement === slider ? 4 : 15);
    box.placeholder = value === null ? say("as in the file") : "";
  };
  controls.push(refresh);
  return el("div", { class: "control" },
    el("label", { for: id }, label, " ", el("small", {}, unit)), slider, box);
}
let controls = [];

function makeControls() {
  controls = [];
  const { deployments, ends, fanouts, rates, currency } = scenario();
  const usd = rates.USD ? models[at].exchange("USD", currency, settings) : 1;
  const traffic = control({
    id: "traffic", label: say("Traffic that producers send"), unit: say("TB a month"),
    low: tb(ends[0]), high: tb(ends[1]), log: true, read: () => tb(settings.traffic),
    write: (x) => change({ traffic: x === null ? scenario().traffic : within(x / scenario().per_base, ends) }),
  });
  const fanout = el("fieldset", { class: "control presets" },
    el("legend", {}, say("Fan-out: how often each byte is read")),
    ...fanouts.map((value) => el("label", {},
      el("input", { type: "radio", name: "fanout", value, onchange: () => change({ fanout: value }) }),
      number(value), value === scenario().fanout ? el("small", {}, ` ${say("in the file")}`) : null)));
  controls.push(() => {
    for (const radio of fanout.querySelectorAll("input")) radio.checked = Number(radio.value) === settings.fanout;
  });
  const salary = control({
    id: "salary", label: say("What one person costs"), unit: say("{currency} a month", { currency }),
    low: 0, high: +(20000 * usd).toPrecision(2), read: () => settings.salary ?? commonSalary(),
    write: (x) => change({ salary: x }),
  });
  const exchange = Object.entries(rates).filter(([money]) => money !== "USD").map(([money, rate]) => control({
    id: `rate.${money}`, label: say("Exchange rate"), unit: say("{currency} for one USD", { currency: money }),
    low: rate.per_usd / 2, high: rate.per_usd * 2, read: () => settings.rates[money] ?? rate.per_usd,
    write: (x) => changeOne("rates", money, x || null),
  }));
  const each = el("div", { class: "each" }, ...deployments.map((item, i) => el("fieldset", {},
    el("legend", {}, item.name),
    item.people !== null ? control({
      id: `fte.${i}`, label: say("People"), unit: say("FTE"), low: 0, high: 10,
      read: () => settings.people[i] ?? peopleNow(i), write: (x) => changeOne("people", i, x),
    }) : null,
    control({
      id: `discount.${i}`, label: say("Discount"), unit: "%", low: 0, high: 100,
      read: () => 100 * (settings.discounts[i] ?? item.discount),
      write: (x) => changeOne("discounts", i, x === null ? null : within(x, [0, 100]) / 100),
    }))));
  $("controls").replaceChildren(traffic, fanout, salary, ...exchange,
    el("details", {
      class: "options", open: $("controls").querySelector(".options")?.open ?? deployments.length <= 4,
    },
      el("summary", {}, say("People and discounts of each option")), each));
}

// what a person costs, where it is the same for all; null where it is not
function commonSalary() {
  const found = new Set();
  for (const item of scenario().deployments) {
    for (const line of item.offers[0].flatMap((offer) => offer.lines)) {
      const { people, each } = data.lines[line.is];
      if (people && each) found.add(models[at].valueOf(each, { ...asInFile(), rates: settings.rates }));
    }
  }
  return found.size === 1 ? [...found][0] : null;
}

function peopleNow(i) {
  const lines = models[at].bills(settings)[i].lines.filter((line) => line.component === "labour");
  return lines.reduce((total, line) => total + line.quantity, 0);
}

// ---- answers ---------------------------------------------------------------------------------

function show() {
  const solved = models[at].solve(settings), bills = models[at].bills(settings);
  for (const refresh of controls) refresh();
  showAnswer(solved, bills);
  showBills(bills);
  if (shown !== solved) { // they do not depend on the traffic that is chosen
    showChart(solved);
    showIntervals(solved);
    showCrossovers(solved);
    shown = solved;
  }
  showHere();
  const link = toLink();
  $("link").href = link;
  history.replaceState(null, "", link === "#" ? location.pathname + location.search : link);
}

function showAnswer(solved, bills) {
  const able = bills.filter((bill) => bill.total !== null).sort((a, b) => a.total - b.total);
  const x = settings.traffic;
  const where = { traffic: number(tb(x)), name: able[0]?.name };
  const [best, next] = able;
  const text = [!best ? say("None of the options can serve {traffic} TB a month.", where)
    : say("At {traffic} TB a month {name} costs least.", where)];
  if (next && best.total > 0) {
    const more = 100 * (next.total / best.total - 1);
    text.push(say(next.total <= best.total * (1 + data.margin)
      ? "{name} is {share} above it: too close to call." : "{name}, the next, is {share} above it.",
    { name: next.name, share: share(more) }));
  }
  // where two cost the same, the stretch of the one that is named
  const part = solved.intervals.find((one) => (
    one.winner === best?.which && x >= one.start * (1 - 1e-9) && x <= one.stop * (1 + 1e-9)));
  if (part) {
    text.push(say("It stays the cheapest from {from} to {to} TB.",
      { from: number(tb(part.start), 4), to: number(tb(part.stop), 4) }));
  }
  $("answer").replaceChildren(text.join(" "), el("br"), el("small", {}, inWords()));
}

// the settings, for a print and for whoever reads the screen to somebody
function inWords() {
  const { deployments, workload, currency } = scenario();
  const found = [say("fan-out {x}", { x: number(settings.fanout) })];
  if (settings.salary !== null) {
    found.push(say("{x} {currency} a person and month", { x: number(settings.salary, 9), currency }));
  }
  for (const [money, x] of Object.entries(settings.rates)) found.push(`1 USD = ${number(x)} ${money}`);
  for (const [i, x] of Object.entries(settings.people)) {
    found.push(say("{x} people for {name}", { x: number(x), name: deployments[i].name }));
  }
  for (const [i, x] of Object.entries(settings.discounts)) {
    found.push(say("{x}% discount on {name}", { x: number(100 * x), name: deployments[i].name }));
  }
  found.push(say("kept for {x}", { x: workload.retention ?? "" }));
  return say("Set here: {what}; prices of {date}.",
    { what: found.join(", "), date: scenario().prices.as_of });
}

function showBills(bills) {
  const order = [...bills].sort((a, b) => (a.total ?? Infinity) - (b.total ?? Infinity));
  const largest = Math.max(...bills.map((bill) => positive(bill)), 1e-300);
  const cheapest = order[0].total;
  const paid = bills.flatMap((bill) => bill.lines.filter((line) => line.cost > 0));
  const components = [...new Set(paid.map((line) => line.component))];
  $("bills-head").textContent = say("{currency} a month at {traffic} TB a month",
    { currency: settings.currency, traffic: number(tb(settings.traffic)) });
  $("bills").replaceChildren(
    el("p", { class: "legend" }, ...[...PARTS, "other"].map((part) => {
      const names = components.filter((name) => partOf(name) === part).map((name) => say(name));
      return names.length ? el("span", { class: "key" },
        el("span", { class: `swatch part-${part}` }), names.join(", ")) : null;
    })),
    ...order.map((bill) => billShown(bill, largest, cheapest)));
}

const positive = (bill) => bill.lines.reduce((total, line) => total + Math.max(line.cost ?? 0, 0), 0);
const PARTS = ["compute", "storage", "network", "labour", "platform", "throughput"];
const partOf = (component) => (PARTS.includes(component) ? component : "other");

function billShown(bill, largest, cheapest) {
  const floor = bill.open.length ? "+" : "";
  const above = bill.total === null ? "" : bill.total === cheapest ? say("cheapest")
    : cheapest > 0 ? `+${share(100 * (bill.total / cheapest - 1))}` : "";
  const near = bill.total !== null && bill.total !== cheapest && bill.total <= cheapest * (1 + data.margin);
  const bar = el("span", { class: "bar", "aria-hidden": "true" });
  for (const line of bill.lines.filter((one) => one.cost > 0)) {
    const piece = el("span", { class: `part-${partOf(line.component)}`, title: `${say(line.component)}: ${money(line.cost)}` });
    piece.style.width = `${(100 * line.cost) / largest}%`;
    bar.append(piece);
  }
  const made = el("details", {
    class: "bill", "data-name": bill.name, open: opened.has(bill.name),
    ontoggle: () => opened[made.open ? "add" : "delete"](bill.name),
  },
  el("summary", {},
    el("span", { class: "name" }, bill.name),
    bill.total === null ? el("span", { class: "total" }, say("cannot serve"))
      : el("span", { class: "total" }, exact(bill.total, money(bill.total) + floor)),
    el("span", { class: "above" }, above, near ? ` ${say("too close to call")}` : ""), bar),
  bill.total === null ? el("p", {}, bill.reasons.map((reason) => say(reason)).join("; ")) : linesShown(bill),
  aboutBill(bill));
  return made;
}

function linesShown(bill) {
  const head = ["for what", "sku", "quantity", "unit", "unit price", "cost", "source", "date"];
  return el("div", { class: "scroll" }, el("table", { class: "lines" },
    el("caption", {}, say("{name}: {n} {unit}",
      { name: bill.name, n: number(bill.sizing.count), unit: bill.sizing.unit })),
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, say(text))))),
    el("tbody", {}, ...bill.lines.map(lineShown),
      el("tr", { class: "sum" }, el("th", { scope: "row", colspan: 5 }, say("total a month")),
        el("td", { class: "number" }, exact(bill.total, money(bill.total))), el("td", { colspan: 2 })),
      ...bill.once.map(lineShown))));
}

function lineShown(line) {
  const price = line.price === null ? null : data.prices[line.price];
  const note = line.note ? el("small", { class: "note" }, say(line.note)) : null;
  return el("tr", { "data-component": line.component },
    el("td", { class: "short" }, say(line.component), line.once ? ` (${say("once")})` : ""),
    el("td", {}, el("code", {}, line.sku), note),
    el("td", { class: "number" }, exact(line.quantity, number(line.quantity))),
    el("td", { class: "short" }, line.unit),
    el("td", { class: "number" }, line.unitPrice === null ? say("no price") : exact(line.unitPrice, number(line.unitPrice))),
    el("td", { class: "number" }, line.cost === null ? "–" : exact(line.cost, money(line.cost))),
    el("td", {}, price ? sourceShown(price, line) : say("by agreement")),
    el("td", { class: "short" }, price ? el("time", { datetime: price.from }, price.from) : ""));
}

function sourceShown(price, line) {
  const title = [price.confidence, price.where, price.note, say("read on {date}", { date: price.read })]
    .filter(Boolean).join("; ");
  if (line.people && settings.salary !== null) return say("set here");
  const listed = price.price === null ? "" : ` ${price.price} ${price.currency}`;
  const address = /^https?:\/\/[^\s]+/.exec(price.source)?.[0];
  return el("span", { title }, address && URL.canParse(address)
    ? el("a", { href: address, rel: "noopener noreferrer external" }, new URL(address).hostname)
    : price.source, listed);
}

function aboutBill(bill) {
  const item = scenario().deployments[bill.which];
  const notes = [`${item.kind}, ${item.region}`];
  if (bill.open.length) notes.push(say("a floor: no price of {what}", { what: bill.open.join(", ") }));
  if (item.not_modelled.length) {
    notes.push(say("not modelled: {what}", { what: item.not_modelled.map((one) => say(one)).join(", ") }));
  }
  return el("p", { class: "hint" }, notes.join("; "));
}

function table(caption, head, rows) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, say(text))))),
    el("tbody", {}, ...rows)));
}

const goTo = (x) => el("button", {
  type: "button", class: "go", onclick: () => { change({ traffic: x }); $("answer").scrollIntoView({ block: "nearest" }); },
}, exact(tb(x), number(tb(x), 5)));

function showIntervals(solved) {
  const name = (i) => (i === null ? say("none can serve") : scenario().deployments[i].name);
  $("intervals").replaceChildren(table(say("cheapest by traffic [TB a month]"), ["from", "to", "cheapest"],
    solved.intervals.map((part) => el("tr", {},
      el("td", { class: "number" }, goTo(part.start)), el("td", { class: "number" }, goTo(part.stop)),
      el("td", {}, name(part.winner))))));
}

function showCrossovers(solved) {
  const { deployments } = scenario();
  const all = solved.pairs.flatMap(({ a, b, crossings: found }) => found.map((one) => ({ a, b, one })));
  const rows = all.sort((first, second) => first.one.x - second.one.x).map(({ a, b, one }) => {
    const names = [deployments[a].name, deployments[b].name];
    return el("tr", { "data-a": names[0], "data-b": names[1], "data-kind": one.kind },
      el("td", { class: "number" }, goTo(one.x),
        one.until > one.x ? ` ${say("to {x} (equal)", { x: number(tb(one.until), 5) })}` : ""),
      el("td", {}, say(one.kind === "root" ? "costs meet" : "a step overtakes")),
      el("td", {}, names[one.below]), el("td", {}, names[one.above]),
      el("td", { class: "number" }, exact(one.cost, money(one.cost))));
  });
  const none = solved.pairs.filter((pair) => !pair.crossings.length)
    .map(({ a, b }) => `${deployments[a].name} / ${deployments[b].name}`);
  $("crossovers").replaceChildren(
    table(say("{count} crossovers over traffic [TB a month]", { count: rows.length }),
      ["at", "how", "cheaper below", "cheaper above", "cost"], rows),
    none.length ? el("p", { class: "hint" }, say("Never: {what}", { what: none.join(", ") })) : "");
}

function showClaims() {
  $("claims-part").hidden = !data.claims.length;
  $("claims").replaceChildren(table(say("The article's claims"), ["claim", "verdict", "because"],
    data.claims.map((claim) => el("tr", {}, el("td", {}, say(claim.stated)),
      el("td", {}, say(claim.verdict)), el("td", {}, say(claim.because))))));
}

function showBasis() {
  const { prices, workload, rates, month_hours: hours, title } = scenario();
  const rows = [
    [say("prices"), `${title}: ${prices.book}, ${prices.as_of}`],
    ["sha256", prices.sha256],
    [say("capacities"), prices.capacity_sha256],
    [say("hours of a month"), number(hours)],
    ...Object.entries(workload).map(([name, value]) => [name.replaceAll("_", " "), value]),
    ...Object.entries(rates).filter(([, rate]) => rate.price !== null).map(([money, rate]) => {
      const price = data.prices[rate.price];
      return [`1 USD [${money}]`, `${price.price}; ${price.from}; ${price.source}`];
    }),
    [say("made with"), `kafkatco ${data.version}`],
  ];
  $("basis").replaceChildren(
    el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, say(name)), el("dd", {}, value)])),
    el("p", { class: "hint" }, say("Averages are billed, peaks are sized. A credit is paid once and is in no total. The curves are exact: between two edges cost is a straight line.")));
}

// ---- beginning ---------------------------------------------------------------------------------

function begin() {
  shown = null;
  document.documentElement.lang = language;
  document.title = `${say(data.title)} – kafkatco`;
  document.querySelector("h1").textContent = say(data.title);
  for (const part of document.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  $("language").value = language;
  $("scenario").replaceChildren(...data.cases.map((one, i) => el("option", { value: i }, say(one.title))));
  $("scenario").value = at;
  $("prices-choice").hidden = data.cases.length < 2;
  $("currency").replaceChildren(...Object.keys(scenario().rates)
    .map((money) => el("option", { value: money }, money)));
  $("currency").value = settings.currency;
  makeControls();
  showClaims();
  showBasis();
  show();
}

$("controls").addEventListener("submit", (event) => event.preventDefault());
$("language").addEventListener("change", (event) => { language = event.target.value; begin(); });
$("currency").addEventListener("change", (event) => { settings.currency = event.target.value; begin(); });
$("scenario").addEventListener("change", (event) => { at = Number(event.target.value); settings = asInFile(); begin(); });
$("reset").addEventListener("click", () => { settings = asInFile(); $("notice").textContent = ""; begin(); });
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("link").href);
    $("notice").textContent = say("Copied.");
  } catch {
    $("notice").textContent = $("link").href; // where a browser does not let a page copy
  }
});
addEventListener("hashchange", () => { fromLink(location.hash); begin(); });
addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
fromLink(location.hash);
begin();
