// The answer and the bills, with the lines of each.

const opened = new Set(); // the bills whose lines are shown

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
