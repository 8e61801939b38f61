// The settings of the page, and the link that has those that differ from the file.

function settingsOfFile() {
  const { currency, traffic, fanout } = data.cases[at];
  return { currency, traffic, fanout, salary: null, vat: null, recoverable: null, rates: {}, people: {}, discounts: {} };
}

function toLink() {
  const own = settingsOfFile(), link = new URLSearchParams();
  const { deployments } = scenario();
  if (at) link.set("prices", at);
  if (settings.traffic !== own.traffic) link.set("traffic", tb(settings.traffic));
  if (settings.fanout !== own.fanout) link.set("fanout", settings.fanout);
  if (settings.currency !== own.currency) link.set("currency", settings.currency);
  if (settings.salary !== null) link.set("salary", settings.salary);
  for (const name of ["vat", "recoverable"]) if (settings[name] !== null) link.set(name, settings[name]);
  for (const [currency, value] of Object.entries(settings.rates)) link.set(`rate.${currency}`, value);
  for (const [i, value] of Object.entries(settings.people)) link.set(`fte.${deployments[i].name}`, value);
  for (const [i, value] of Object.entries(settings.discounts)) {
    link.set(`discount.${deployments[i].name}`, value);
  }
  if (language !== data.language) link.set("language", language);
  if (link.size) link.set("sha256", scenario().prices.sha256.slice(0, 12));
  return `#${link}`;
}

// read a link; invalid settings are reported, and stay as in the file
function fromLink(text) {
  const link = new URLSearchParams(text.replace(/^#/, "")), invalid = [];
  const chosen = Number(link.get("prices") ?? 0);
  at = data.cases[chosen] ? chosen : 0;
  settings = settingsOfFile();
  const { deployments, rates, fanouts, ends } = scenario();
  for (const [key, value] of link) {
    const [setting, ...rest] = key.split("."), name = rest.join(".");
    const which = deployments.findIndex((deployment) => deployment.name === name), x = Number(value);
    const amount = value.trim() !== "" && Number.isFinite(x) && x >= 0;
    if (key === "prices" && data.cases[chosen]) continue;
    else if (key === "language" && data.languages.includes(value)) language = value;
    else if (key === "currency" && Object.hasOwn(rates, value)) settings.currency = value;
    else if (key === "fanout" && fanouts.includes(x) && amount) settings.fanout = x;
    else if (key === "salary" && amount) settings.salary = x;
    else if ((key === "vat" || key === "recoverable") && amount && x <= 1) settings[key] = x;
    else if (key === "traffic" && amount && covers(ends, x / scenario().per_base)) {
      settings.traffic = within(x / scenario().per_base, ends);
    }
    else if (setting === "rate" && name !== "USD" && Object.hasOwn(rates, name) && amount && x > 0) settings.rates[name] = x;
    else if (setting === "fte" && typeof deployments[which]?.people === "number" && amount) settings.people[which] = x;
    else if (setting === "discount" && which >= 0 && amount && x <= 1) settings.discounts[which] = x;
    else if (key !== "sha256") invalid.push(`${key}=${value}`);
  }
  const sha256 = link.get("sha256");
  const notices = [];
  if (sha256 && !scenario().prices.sha256.startsWith(sha256)) {
    notices.push(say("This link was made with other prices: its numbers differ."));
  }
  if (invalid.length) notices.push(say("Not a setting of this page: {settings}", { settings: invalid.join(", ") }));
  $("notice").textContent = notices.join(" ");
}

// whether a traffic is between the ends, up to rounding
const covers = ([low, high], x) => x >= low * (1 - 1e-12) && x <= high * (1 + 1e-12);
const within = (x, [low, high]) => Math.min(Math.max(x, low), high);

function change(changes) {
  settings = { ...settings, ...changes };
  show();
}

// set one value of a group, such as the people of one deployment; null is that of the file
function changeOne(group, key, value) {
  const { [key]: _, ...others } = settings[group];
  change({ [group]: value === null ? others : { ...others, [key]: value } });
}
