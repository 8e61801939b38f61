// Tables: the cheapest option by traffic, every crossover, the article's claims, and the inputs.

function table(caption, columns, rows) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...columns)),
    el("tbody", {}, ...rows)));
}

const column = (text) => el("th", { scope: "col" }, text);
const numberColumn = (text) => el("th", { scope: "col", class: "number" }, text);

const goTo = (x) => el("button", {
  type: "button", class: "go", onclick: () => { change({ traffic: x }); $("answer").scrollIntoView({ block: "nearest" }); },
}, exact(tb(x), number(tb(x), 5)));

function showIntervals(solution) {
  const { undercuts } = solution;
  const unknown = (part) => undercuts.some((one) => one.start < part.stop && part.start < one.stop);
  const name = (part) => (part.winner !== null ? scenario().deployments[part.winner].name
    : unknown(part) ? say("unknown: every cost is a floor") : say("none can handle the load"));
  $("intervals").replaceChildren(table(
    say("cheapest by traffic [TB a month]"),
    [numberColumn(say("from")), numberColumn(say("to")), column(say("cheapest"))],
    solution.intervals.map((interval) => el("tr", {},
      el("td", { class: "number" }, goTo(interval.start)), el("td", { class: "number" }, goTo(interval.stop)),
      el("td", {}, name(interval))))),
  ...undercuts.map((part) => el("p", { class: "hint" }, say("{name} may be the cheapest from {start} to {stop}: its cost is a floor", {
    name: scenario().deployments[part.which].name, start: number(tb(part.start), 5), stop: number(tb(part.stop), 5) }))));
}

function showCrossovers(solution) {
  const { deployments } = scenario();
  const all = solution.pairs
    .flatMap(({ a, b, crossings: those }) => those.map((crossing) => ({ a, b, crossing })))
    .sort((first, second) => first.crossing.x - second.crossing.x);
  const rows = all.map(({ a, b, crossing }) => {
    const { x, until, kind, below, above, cost } = crossing;
    const names = [deployments[a].name, deployments[b].name];
    const equal = until > x ? say("to {x} (equal)", { x: number(tb(until), 5) }) : null;
    return el("tr", { "data-a": names[0], "data-b": names[1], "data-kind": kind },
      el("td", { class: "number" }, goTo(x), equal && ` ${equal}`),
      el("td", {}, kind === "root" ? say("costs cross") : say("a cost jumps past another")),
      el("td", {}, names[below]), el("td", {}, names[above]),
      el("td", { class: "number" }, exact(cost, money(cost))));
  });
  const never = solution.pairs.filter((pair) => !pair.crossings.length)
    .map(({ a, b }) => `${deployments[a].name} / ${deployments[b].name}`).join(", ");
  $("crossovers").replaceChildren(
    table(
      rows.length === 1 ? say("1 crossover over traffic [TB a month]")
        : say("{count} crossovers over traffic [TB a month]", { count: rows.length }),
      [numberColumn(say("at")), column(say("kind")), column(say("cheaper below")),
        column(say("cheaper above")), numberColumn(say("cost"))],
      rows),
    never ? el("p", { class: "hint" }, say("Without a crossover: {pairs}", { pairs: never })) : "");
}

function showClaims() {
  $("claims-part").hidden = !data.claims.length;
  $("claims").replaceChildren(table(
    say("The article's claims"),
    [column(say("claim")), column(say("verdict")), column(say("because"))],
    data.claims.map((claim) => el("tr", {},
      ...[claim.stated, claim.verdict, claim.because].map((text) => el("td", {}, text[language]))))));
}

// the options without a price, with the lines that give them one
function showNeedsPrice() {
  $("needs-price").replaceChildren(...scenario().needs_price.map((one) => el("p", {},
    say("{name} ({kind}, {region}) needs your price, and is left out. Set under [prices.override], one line each: {lines}",
      { ...one, lines: one.lines.join(", ") }))));
}

function showBasis() {
  const { prices, prices_read: read, workload, rates, month_hours: hours, title } = scenario();
  const rows = [
    [say("prices"), `${title[language]}: ${prices.book}, ${prices.as_of}`],
    ...(read ? [[say("prices read"), `${read.oldest} – ${read.newest}`]] : []),
    ["sha256", prices.sha256],
    [say("capacities"), prices.capacity_sha256],
    [say("hours of a month"), number(hours)],
    ...Object.entries(workload).map(([name, value]) => [translated(name).replaceAll("_", " "), value]),
    ...Object.entries(rates).filter(([, rate]) => rate.price !== null).map(([currency, rate]) => {
      const price = data.prices[rate.price];
      return [`1 USD [${currency}]`, `${price.price}; ${price.from}; ${price.source}`];
    }),
    [say("made with"), `kafkatco ${data.version}`],
  ];
  $("basis").replaceChildren(
    el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("p", { class: "hint" }, say("Bills follow the average traffic, and sizing the peak. A credit is spent once and is in no total. The curves are exact: between two edges cost is a straight line.")));
}
