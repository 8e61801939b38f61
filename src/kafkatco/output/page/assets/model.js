// The model on curves: lines of quantity x unit price, what agreements take off them, who is
// cheapest and where that changes.  The rules of kafkatco.lines, reductions, support and costing.

class Model {
  constructor(data, scenario) {
    this.data = data;
    this.scenario = scenario;
    this.prepared = new Map(); // the offers of each deployment, by fan-out
    this.solved = null;        // of the latest settings; traffic is read off its curves
  }

  // how much of `to` one of `from` is worth
  exchange(from, to, settings) {
    const perUsd = (money) => settings.rates[money] ?? this.scenario.rates[money].per_usd;
    return from === to ? 1 : perUsd(to) / perUsd(from);
  }

  // every deployment's cost curves and every crossing at some settings; traffic takes no part
  solve(settings) {
    const { traffic, ...others } = settings;
    const key = JSON.stringify(others);
    if (this.solved?.key !== key) this.solved = { key, ...this.solveAnew(settings) };
    return this.solved;
  }

  solveAnew(settings) {
    const options = this.offers(settings.fanout).map((offers, i) => this.option(offers, i, settings));
    const pairs = [];
    for (let a = 0; a < options.length; a++) {
      for (let b = a + 1; b < options.length; b++) {
        const blocked = most(options[a].unable, options[b].unable);
        pairs.push({ a, b, crossings: crossings(options[a].total, options[b].total, blocked) });
      }
    }
    return { options, pairs, intervals: envelope(options.map((option) => option.total)) };
  }

  offers(fanout) {
    if (!this.prepared.has(fanout)) {
      const at = this.scenario.fanouts.indexOf(fanout);
      this.prepared.set(
        fanout,
        this.scenario.deployments.map((item) => item.offers[at].map((offer) => this.prepare(offer))));
    }
    return this.prepared.get(fanout);
  }

  // an offer with all its curves on the same edges
  prepare(offer) {
    const read = (quantity) => (Array.isArray(quantity)
      ? Curve.read(this.data.curves[quantity[0]], this.data.edges)
      : Curve.constant(quantity, this.scenario.ends));
    const [count, ...curves] = common(
      [offer.count, ...offer.limits.map((limit) => limit.exceeded),
        ...offer.lines.map((line) => line.quantity)].map(read));
    const limits = offer.limits.map((limit, i) => ({ ...limit, exceeded: curves[i] }));
    const lines = offer.lines.map((line, i) => (
      { ...this.data.lines[line.is], quantity: curves[limits.length + i] }));
    const zero = Curve.constant(0, count.edges);
    const unable = limits.reduce((truth, limit) => truth.each(Math.max, limit.exceeded), zero);
    return { ...offer, count, limits, lines, unable, zero };
  }

  // a deployment: the least total of its offers that can serve
  option(offers, which, settings) {
    const priced = offers.map((offer) => this.priced(offer, which, settings));
    const able = priced.map((offer) => without(offer.total, offer.unable));
    return {
      offers: priced,
      total: able.reduce(least),
      unable: priced.map((offer) => offer.unable).reduce(least), // a truth: all of them
    };
  }

  // an offer with its lines at the settings: what recurs, what is due once, and the month's total
  priced(offer, which, settings) {
    const item = this.scenario.deployments[which];
    const { currency } = settings;
    const lines = this.staffed(offer, item, settings.people[which])
      .map((line) => this.atPrice(line, settings));
    const recurring = lines.filter((line) => !line.once), once = lines.filter((line) => line.once);
    const charged = () => sum([offer.zero, ...recurring.filter(
      (line) => line.cost && (line.charged || line.sku === "discount")).map((line) => line.cost)]);
    const discount = settings.discounts[which] ?? item.discount;
    if (discount && recurring.some((line) => line.cost)) {
      recurring.push(amountLine("discount", "discount", charged().times(-discount), currency, {
        note: ["{share}% off what {provider} charges",
          { share: +(100 * discount).toPrecision(6), provider: item.provider }] }));
    }
    if (item.support) recurring.push(...this.support(item.support, charged(), settings));
    if (item.credit) {
      const paid = charged();
      const amount = this.valueOf(item.credit.each, settings);
      const life = item.credit.life_h;
      const used = life === null ? paid.where((value) => value > 0, amount)
        : least(paid.times(life / this.scenario.month_hours), Curve.constant(amount, paid.edges));
      once.push(amountLine("credit", item.credit.sku, used.times(-1), currency, {
        note: "", price: item.credit.price, once: true }));
    }
    const total = sum([offer.zero, ...recurring.filter((line) => line.cost).map((line) => line.cost)]);
    return { ...offer, recurring, once, total };
  }

  // the lines with so many people as are set, if any are; setting up is the model's, or stays
  staffed(offer, item, people) {
    if (people === undefined || item.people === null) return offer.lines;
    const others = offer.lines.filter((line) => line.component !== "labour")
      .map((line) => (line.component === "setup" && item.setup_of_model ? { ...line, quantity: offer.zero } : line));
    const own = { ...this.data.lines[item.people], quantity: Curve.constant(people, offer.zero.edges) };
    const place = others.findIndex((line) => line.component === "discount");
    others.splice(place < 0 ? others.length : place, 0, own);
    return others;
  }

  atPrice(line, settings) {
    const unitPrice = this.unitPrice(line, settings);
    return { ...line, unitPrice, cost: unitPrice === null ? null : line.quantity.times(unitPrice) };
  }

  unitPrice(line, settings) {
    if (line.each === null) return null;
    const each = line.people && settings.salary !== null
      ? { [this.scenario.currency]: settings.salary } : line.each;
    return this.valueOf(each, settings);
  }

  valueOf(each, settings) {
    return Object.entries(each).reduce(
      (total, [money, amount]) => total + amount * this.exchange(money, settings.currency, settings), 0);
  }

  // each band of the charges has its share; what they lack of the plan's minimum is a line
  support(plan, charged, settings) {
    const inUsd = charged.times(1 / this.exchange("USD", settings.currency, settings));
    const flat = (value) => Curve.constant(value, this.scenario.ends);
    const lines = plan.bands.map((band, i) => {
      const above = most(sum([inUsd, flat(-band.from)]), flat(0));
      const next = plan.bands[i + 1];
      const quantity = next ? least(above, flat(next.from - band.from)) : above;
      const unitPrice = this.valueOf(band.each, settings);
      return { component: "support", sku: plan.sku, unit: "USD", note: "", price: band.price,
        quantity, unitPrice, cost: quantity.times(unitPrice) };
    });
    const paid = sum(lines.map((line) => line.cost));
    const minimum = this.valueOf(plan.minimum.each, settings);
    const lacking = minimum ? most(sum([flat(1), paid.times(-1 / minimum)]), flat(0)) : flat(0);
    lines.push({ component: "support", sku: plan.minimum.sku, unit: "month", note: "",
      price: plan.minimum.price, quantity: lacking, unitPrice: minimum, cost: lacking.times(minimum) });
    return lines;
  }

  // the bills at the traffic of the settings
  bills(settings) {
    const x = settings.traffic;
    return this.solve(settings).options.map((option, i) => {
      const item = this.scenario.deployments[i];
      const able = option.offers.filter((offer) => !offer.unable.at(x));
      const [best] = (able.length ? able : option.offers)
        .map((offer) => ({ offer, total: offer.total.at(x) }))
        .reduce((kept, one) => (kept.length && kept[0].total <= one.total ? kept : [one]), []);
      const at = (lines) => lines.map((line) => (
        { ...line, quantity: line.quantity.at(x), cost: line.cost && line.cost.at(x) }))
        .filter((line) => line.quantity !== 0);
      const [lines, once] = able.length ? [at(best.offer.recurring), at(best.offer.once)] : [[], []];
      return {
        which: i, name: item.name, total: able.length ? best.total : null, lines, once,
        reasons: able.length ? [] : best.offer.limits.filter((limit) => limit.exceeded.at(x))
          .map((limit) => limit.reason),
        open: [...lines, ...once].filter((line) => line.cost === null).map((line) => line.sku),
        sizing: { count: best.offer.count.at(x), unit: best.offer.unit },
      };
    });
  }
}

function amountLine(component, sku, cost, currency, others) {
  return { component, sku, unit: currency, quantity: cost, unitPrice: 1, cost, price: null, ...others };
}
