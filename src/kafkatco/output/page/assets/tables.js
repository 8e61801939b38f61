// Tables: who is cheapest where, every crossover, the article's claims, what all rests on.

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
