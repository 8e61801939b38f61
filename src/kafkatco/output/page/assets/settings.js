// The settings of the page, and the link that holds what differs from the file.

function asInFile() {
  const { currency, traffic, fanout } = data.cases[at];
  return { currency, traffic, fanout, salary: null, rates: {}, people: {}, discounts: {} };
}

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
