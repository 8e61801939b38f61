// The controls of the settings.

// a slider and a number box; `read` and `write` access its value in the settings
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
    if (document.activeElement !== slider) slider.value = value === null ? slider.min : scale(Math.max(value, log ? low : 0));
    slider.setAttribute("aria-valuetext", value === null ? say("as in the file") : `${number(value)} ${unit}`);
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
    id: "traffic", label: say("Traffic from producers"), unit: say("TB a month"),
    low: tb(ends[0]), high: tb(ends[1]), log: true, read: () => tb(settings.traffic),
    write: (x) => change({ traffic: x === null ? scenario().traffic : within(x / scenario().per_base, ends) }),
  });
  const inFile = say("in the file");
  const fanout = el("fieldset", { class: "control presets" },
    el("legend", {}, say("Fan-out: how often each byte is read")),
    ...fanouts.map((value) => el("label", {},
      el("input", { type: "radio", name: "fanout", value, onchange: () => change({ fanout: value }) }),
      number(value), value === scenario().fanout ? el("small", {}, ` ${inFile}`) : null)));
  controls.push(() => {
    for (const radio of fanout.querySelectorAll("input")) radio.checked = Number(radio.value) === settings.fanout;
  });
  const salary = control({
    id: "salary", label: say("Cost of one person"), unit: say("{currency} a month", { currency }),
    low: 0, high: +(20000 * usd).toPrecision(2), read: () => settings.salary ?? commonSalary(),
    write: (x) => change({ salary: x }),
  });
  const exchange = Object.entries(rates).filter(([code]) => code !== "USD").map(([code, rate]) => control({
    id: `rate.${code}`, label: say("Exchange rate"), unit: say("{currency} for one USD", { currency: code }),
    low: rate.per_usd / 2, high: rate.per_usd * 2, read: () => settings.rates[code] ?? rate.per_usd,
    write: (x) => changeOne("rates", code, x || null),
  }));
  const tax = [["vat", say("Value-added tax")], ["recoverable", say("of which recovered")]].map(([id, label]) => control({
    id, label, unit: "%", low: 0, high: id === "vat" ? 30 : 100,
    read: () => { const x = models[at][id](settings); return x === null ? null : 100 * x; },
    write: (x) => change({ [id]: x === null ? null : within(x, [0, 100]) / 100 }),
  }));
  const each = el("div", { class: "each" }, ...deployments.map((deployment, i) => el("fieldset", {},
    el("legend", {}, deployment.name),
    deployment.people !== null ? control({
      id: `fte.${i}`, label: say("People"), unit: say("FTE"), low: 0, high: 10,
      read: () => settings.people[i] ?? models[at].people(i, settings), write: (x) => changeOne("people", i, x),
    }) : null,
    control({
      id: `discount.${i}`, label: say("Discount"), unit: "%", low: 0, high: 100,
      read: () => 100 * (settings.discounts[i] ?? deployment.discount),
      write: (x) => changeOne("discounts", i, x === null ? null : within(x, [0, 100]) / 100),
    }))));
  $("controls").replaceChildren(traffic, fanout, salary, ...exchange, ...tax,
    el("details", {
      class: "options", open: $("controls").querySelector(".options")?.open ?? deployments.length <= 4,
    },
      el("summary", {}, say("People and discounts of each option")), each));
}

// the cost of a person, if it is the same for all deployments, else null
function commonSalary() {
  const salaries = new Set();
  for (const deployment of scenario().deployments) {
    for (const line of deployment.candidates[0].flatMap((candidate) => candidate.lines)) {
      const { people, each } = data.lines[line.is];
      if (people && each) salaries.add(models[at].valueOf(each, { ...settingsOfFile(), rates: settings.rates }));
    }
  }
  return salaries.size === 1 ? [...salaries][0] : null;
}
