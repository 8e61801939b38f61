// The answer, and the bills with their lines.

const opened = new Set(); // the names of the bills whose lines are shown

function showAnswer(solution, bills) {
  const feasible = bills.filter((bill) => bill.total !== null).sort((a, b) => a.total - b.total);
  const infeasible = bills.filter((bill) => bill.total === null).map((bill) => bill.name).join(", ");
  const [best, next] = feasible.filter((bill) => !bill.floor), x = settings.traffic, traffic = number(tb(x));
  const none = feasible.length ? say("At {traffic} TB a month every cost is a floor: the cheapest is unknown.", { traffic })
    : say("None of the options can handle {traffic} TB a month.", { traffic });
  const sentences = [best ? say("At {traffic} TB a month {name} costs least.", { traffic, name: best.name }) : none];
  if (next && best.total > 0) {
    const difference = { name: next.name, share: share(100 * (next.total / best.total - 1)) };
    sentences.push(next.total <= best.total * (1 + data.margin)
      ? say("{name} costs only {share} more: too close to call.", difference)
      : say("{name}, the next cheapest, costs {share} more.", difference));
  }
  for (const bill of feasible.filter((one) => one.floor && !(best?.total <= one.total))) {
    const clause = say("{name} may cost less or more: at least {least} {currency} ({reasons})", {
      name: bill.name, least: money(bill.total), currency: settings.currency, reasons: floorReasons(bill) });
    sentences.push(`${clause}.`);
  }
  if (best && infeasible) sentences.push(say("Cannot handle the load: {names}.", { names: infeasible }));
  // of two options that cost the same, the stretch of the one that is named
  const stretch = solution.intervals.find((one) => (
    one.winner === best?.which && x >= one.start * (1 - 1e-9) && x <= one.stop * (1 + 1e-9)));
  if (stretch) {
    sentences.push(say("{name} is cheapest from {from} to {to} TB.",
      { name: best.name, from: number(tb(stretch.start), 4), to: number(tb(stretch.stop), 4) }));
  }
  $("answer").replaceChildren(sentences.join(" "), el("br"), el("small", {}, settingsInWords()));
}

// why the total of a bill is a floor
function floorReasons(bill) {
  const skus = bill.unpriced.length ? [say("no price of {skus}", { skus: bill.unpriced.join(", ") })] : [];
  return [...skus, ...bill.unchecked.map(translated)].join("; ");
}

// the settings as text, for prints and screen readers
function settingsInWords() {
  const { deployments, currency, retention_h: hours } = scenario();
  const parts = [say("fan-out {x}", { x: number(settings.fanout) })];
  if (settings.salary !== null) {
    parts.push(say("{amount} {currency} a person and month", { amount: number(settings.salary, 9), currency }));
  }
  for (const [code, x] of Object.entries(settings.rates)) parts.push(`1 USD = ${number(x)} ${code}`);
  for (const [i, x] of Object.entries(settings.people)) {
    parts.push(say("{x} FTE for {name}", { x: number(x), name: deployments[i].name }));
  }
  for (const [i, x] of Object.entries(settings.discounts)) {
    parts.push(say("{x}% discount on {name}", { x: number(100 * x), name: deployments[i].name }));
  }
  if (settings.vat !== null) parts.push(say("VAT of {share}", { share: share(100 * settings.vat, 4) }));
  if (settings.recoverable !== null) {
    parts.push(say("{share} of the tax is recovered", { share: share(100 * settings.recoverable, 4) }));
  }
  parts.push(hours < 48 ? say("retention of {x} hours", { x: number(hours, 4) })
    : say("retention of {x} days", { x: number(hours / 24, 4) }));
  return say("Settings: {settings}; prices of {date}.",
    { settings: parts.join(", "), date: scenario().prices.as_of });
}

function showBills(bills) {
  const rank = (bill) => (bill.total === null ? 2 : bill.floor ? 1 : 0); // a floor is never the first
  const order = [...bills].sort((a, b) => rank(a) - rank(b) || a.total - b.total);
  const largest = Math.max(...bills.map((bill) => positive(bill)), 1e-300);
  const lowest = rank(order[0]) ? null : order[0].total;
  const paid = bills.flatMap((bill) => bill.lines.filter((line) => line.cost > 0));
  const components = [...new Set(paid.map((line) => line.component))];
  $("bills-head").textContent = say("{currency} a month at {traffic} TB a month",
    { currency: settings.currency, traffic: number(tb(settings.traffic)) });
  $("bills").replaceChildren(
    el("p", { class: "legend" }, ...[...PARTS, "other"].map((part) => {
      const names = components.filter((name) => partOf(name) === part).map(translated);
      return names.length ? el("span", { class: "key" },
        el("span", { class: `swatch part-${part}` }), names.join(", ")) : null;
    })),
    ...order.map((bill) => billDetails(bill, largest, lowest)));
}

const positive = (bill) => bill.lines.reduce((total, line) => total + Math.max(line.cost ?? 0, 0), 0);
const PARTS = ["compute", "storage", "network", "labour", "platform", "throughput"];
const partOf = (component) => (PARTS.includes(component) ? component : "other");

function billDetails(bill, largest, lowest) {
  const floor = bill.floor ? "+" : "";
  const above = [];
  if (bill.floor) above.push(say("a floor"));
  else if (bill.total !== null && bill.total === lowest) above.push(say("cheapest"));
  else if (bill.total !== null) {
    if (lowest > 0) above.push(`+${share(100 * (bill.total / lowest - 1))}`);
    if (bill.total <= lowest * (1 + data.margin)) above.push(say("too close to call"));
  }
  const bar = el("span", { class: "bar", "aria-hidden": "true" });
  for (const line of bill.lines.filter((one) => one.cost > 0)) {
    const title = `${translated(line.component)}: ${money(line.cost)}`;
    const piece = el("span", { class: `part-${partOf(line.component)}`, title });
    piece.style.width = `${(100 * line.cost) / largest}%`;
    bar.append(piece);
  }
  const details = el("details", {
    class: "bill", "data-name": bill.name, open: opened.has(bill.name),
    ontoggle: () => opened[details.open ? "add" : "delete"](bill.name),
  },
  el("summary", {},
    el("span", { class: "name" }, bill.name),
    bill.total === null ? el("span", { class: "total" }, say("cannot handle the load"))
      : el("span", { class: "total" }, exact(bill.total, money(bill.total) + floor)),
    el("span", { class: "above" }, above.join(" ")), bar),
  bill.total === null ? el("p", {}, bill.reasons.map(translated).join("; ")) : linesTable(bill),
  billNotes(bill));
  return details;
}

function linesTable(bill) {
  const columns = [
    column(say("component")), column(say("sku")), numberColumn(say("quantity")), column(say("unit")),
    numberColumn(say("unit price")), numberColumn(say("cost")), column(say("source")), column(say("date")),
  ];
  return el("div", { class: "scroll" }, el("table", { class: "lines" },
    el("caption", {}, say("{name}: {n} {unit}",
      { name: bill.name, n: number(bill.sizing.count), unit: translated(bill.sizing.unit) })),
    el("thead", {}, el("tr", {}, ...columns)),
    el("tbody", {}, ...bill.lines.map(lineRow),
      sumRow("charges", say("provider charges"), bill.charges),
      sumRow("people", say("people"), scenario().deployments[bill.which].staffed ? bill.people : null),
      sumRow("sum", say("total a month"), bill.total),
      ...bill.once.map(lineRow))));
}

function sumRow(name, label, amount) {
  return el("tr", { class: name }, el("th", { scope: "row", colspan: 5 }, label),
    el("td", { class: "number" }, amount === null ? say("not set") : exact(amount, money(amount))),
    el("td", { colspan: 2 }));
}

function lineRow(line) {
  const component = translated(line.component);
  const price = line.price === null ? null : data.prices[line.price];
  const note = line.discount ? say("{share}% discount on the charges of {provider}", line.discount)
    : line.tax ? say("{vat} of charges, of which {recovered} is recovered", {
      vat: share(100 * line.tax.vat, 4), recovered: share(100 * line.tax.recoverable, 4) })
      : translated(line.note);
  return el("tr", { "data-component": line.component },
    el("td", { class: "short" }, line.once ? say("{component} (once)", { component }) : component),
    el("td", {}, el("code", {}, line.sku), note ? el("small", { class: "note" }, note) : null),
    el("td", { class: "number" }, exact(line.quantity, number(line.quantity))),
    el("td", { class: "short" }, translated(line.unit)),
    el("td", { class: "number" }, line.unitPrice === null ? say("no price") : exact(line.unitPrice, number(line.unitPrice))),
    el("td", { class: "number" }, line.cost === null ? "–" : exact(line.cost, money(line.cost))),
    el("td", {}, price ? priceSource(price, line) : line.tax ? say("set here") : say("by agreement")),
    el("td", { class: "short" }, price ? el("time", { datetime: price.from }, price.from) : ""));
}

function priceSource(price, line) {
  if (line.people && settings.salary !== null) return say("set here");
  const title = [translated(price.confidence), price.where, price.note, say("read on {date}", { date: price.read })]
    .filter(Boolean).join("; ");
  const listed = price.price === null ? "" : ` ${price.price} ${price.currency}`;
  const address = /^https?:\/\/[^\s]+/.exec(price.source)?.[0];
  return el("span", { title }, address && URL.canParse(address)
    ? el("a", { href: address, rel: "noopener noreferrer external" }, new URL(address).hostname)
    : price.confidence === "user" ? say("your own price") : price.source, listed);
}

function billNotes(bill) {
  const { kind, region, not_modelled: left, notes: fixed } = scenario().deployments[bill.which];
  const omitted = [...left.map(translated), ...(models[at].vat(settings) === null ? [say("VAT (not set)")] : [])];
  const notes = [`${kind}, ${region}`, ...(bill.total === null ? [] : fixed.map(translated))];
  if (bill.floor) notes.push(say("a floor: {reasons}", { reasons: floorReasons(bill) }));
  if (omitted.length) {
    notes.push(say("not modelled: {costs}", { costs: omitted.join(", ") }));
  }
  return el("p", { class: "hint" }, notes.join("; "));
}
