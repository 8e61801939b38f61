// The model on curves: lines of quantity x unit price, discounts and credits, the cheapest option
// and where that changes.  The rules are those of the package kafkatco.costing.

class Model {
  constructor(data, scenario) {
    this.data = data;
    this.scenario = scenario;
    this.prepared = new Map(); // the candidates of each deployment, by fan-out
    this.solved = null;        // the solution of the latest settings, as curves over traffic
  }

  // the value of one `from` in `to`
  exchange(from, to, settings) {
    const perUsd = (money) => settings.rates[money] ?? this.scenario.rates[money].per_usd;
    return from === to ? 1 : perUsd(to) / perUsd(from);
  }

  // the cost curves of every deployment and every crossing, which do not depend on the traffic
  solve(settings) {
    const { traffic, ...others } = settings;
    const key = JSON.stringify(others);
    if (this.solved?.key !== key) this.solved = { key, ...this.solveAnew(settings) };
    return this.solved;
  }

  solveAnew(settings) {
    const options = this.candidates(settings.fanout)
      .map((candidates, i) => this.option(candidates, i, settings));
    const pairs = [];
    for (let a = 0; a < options.length; a++) {
      for (let b = a + 1; b < options.length; b++) {
        const blocked = most(options[a].infeasible, options[b].infeasible);
        pairs.push({ a, b, crossings: crossings(options[a].total, options[b].total, blocked) });
      }
    }
    return {
      options, pairs, intervals: envelope(options.map((option) => option.known)),
      undercuts: undercuts(options),
    };
  }

  candidates(fanout) {
    if (!this.prepared.has(fanout)) {
      const at = this.scenario.fanouts.indexOf(fanout);
      this.prepared.set(fanout, this.scenario.deployments.map(
        (deployment) => deployment.candidates[at].map((candidate) => this.prepare(candidate))));
    }
    return this.prepared.get(fanout);
  }

  // a candidate with all its curves on the same edges
  prepare(candidate) {
    const read = (quantity) => (Array.isArray(quantity)
      ? Curve.read(this.data.curves[quantity[0]], this.data.edges)
      : Curve.constant(quantity, this.scenario.ends));
    const both = [...candidate.limits, ...candidate.unchecked];
    const [count, ...curves] = common(
      [candidate.count, ...both.map((limit) => limit.exceeded),
        ...candidate.lines.map((line) => line.quantity)].map(read));
    const all = both.map((limit, i) => ({ ...limit, exceeded: curves[i] }));
    const limits = all.slice(0, candidate.limits.length), unchecked = all.slice(limits.length);
    const lines = candidate.lines.map((line, i) => (
      { ...this.data.lines[line.is], quantity: curves[all.length + i] }));
    const zero = Curve.constant(0, count.edges);
    const any = (some, start) => some.reduce((curve, limit) => curve.each(Math.max, limit.exceeded), start);
    const unpriced = lines.filter((line) => line.each === null)
      .map((line) => ({ exceeded: line.quantity.where((value) => value > 0, 1) }));
    const infeasible = any(limits, zero), floor = any([...unchecked, ...unpriced], zero);
    return { ...candidate, count, limits, unchecked, lines, infeasible, floor, zero };
  }

  // a deployment: the least total of its feasible candidates, of floors only where all are
  option(candidates, which, settings) {
    const priced = candidates.map((candidate) => this.priced(candidate, which, settings));
    const total = priced.map((candidate) => without(candidate.total, candidate.infeasible)).reduce(least);
    const known = priced.some((candidate) => candidate.floor.somewhere)
      ? priced.map(({ total: cost, infeasible, floor }) => without(
        cost, infeasible.each(Math.max, floor))).reduce(least)
      : total;
    return {
      candidates: priced,
      total: known === total ? total : filled(known, total),
      known, // infinite where the cost is a floor, which never is the cheapest
      infeasible: priced.map((candidate) => candidate.infeasible).reduce(least), // 1 where all are
    };
  }

  // a candidate with its recurring and one-off lines, and its monthly total
  priced(candidate, which, settings) {
    const deployment = this.scenario.deployments[which];
    const { currency } = settings;
    const lines = this.staffed(candidate, deployment, settings.people[which])
      .map((line) => this.atPrice(line, settings));
    const recurring = lines.filter((line) => !line.once), once = lines.filter((line) => line.once);
    const charged = () => sum([candidate.zero, ...recurring.filter(
      (line) => line.cost && (line.charged || line.sku === "discount")).map((line) => line.cost)]);
    const discount = settings.discounts[which] ?? deployment.discount;
    if (discount && recurring.some((line) => line.cost)) {
      recurring.push(amountLine("discount", "discount", charged().times(-discount), currency, {
        discount: { share: +(100 * discount).toPrecision(6), provider: deployment.provider } }));
    }
    if (deployment.support) recurring.push(...this.support(deployment.support, charged(), settings));
    if (deployment.credit) {
      const { credit } = deployment, paid = charged();
      const amount = this.valueOf(credit.each, settings);
      const life = credit.life_h;
      const used = life === null ? paid.where((value) => value > 0, amount)
        : least(paid.times(life / this.scenario.month_hours), Curve.constant(amount, paid.edges));
      once.push(amountLine("credit", credit.sku, used.times(-1), currency, {
        price: credit.price, once: true }));
    }
    if (this.vat(settings)) {
      recurring.push(...this.tax(recurring, settings, false));
      once.push(...this.tax(once, settings, true));
    }
    const costs = recurring.filter((line) => line.cost).map((line) => line.cost);
    return { ...candidate, recurring, once, total: sum([candidate.zero, ...costs]) };
  }

  // the rate of the tax: that of the settings, or of the file; null without one
  vat(settings) {
    return settings.vat ?? this.scenario.tax.vat;
  }

  // the share of the tax that is recovered
  recoverable(settings) {
    return settings.recoverable ?? this.scenario.tax.recoverable;
  }

  // the tax on all charges but people, less what is recovered
  tax(lines, settings, once) {
    const costs = lines.filter((line) => line.cost && !line.people).map((line) => line.cost);
    if (!costs.length) return [];
    const vat = this.vat(settings), recoverable = this.recoverable(settings), charged = sum(costs);
    const share = 1 + vat * (1 - recoverable) - 1; // rounded as in the package
    const own = settings.vat === null ? this.scenario.tax : { sku: "tax.vat.own", price: null };
    return [{ component: "tax", sku: own.sku, price: own.price, unit: settings.currency, note: "", once,
      quantity: charged, unitPrice: share, cost: charged.times(share), tax: { vat, recoverable } }];
  }

  // the lines with the number of people that is set, if one is; then no set-up of the staffing model
  staffed(candidate, deployment, people) {
    const { lines, zero } = candidate;
    if (people === undefined || deployment.people === null) return lines;
    const others = lines.filter((line) => line.component !== "labour")
      .map((line) => (line.component === "setup" && deployment.setup_of_model ? { ...line, quantity: zero } : line));
    const own = { ...this.data.lines[deployment.people], quantity: Curve.constant(people, zero.edges) };
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

  // each band of the charges has its share; a line tops them up to the minimum of the plan
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

  // the bills at the traffic of the settings; without lines if no candidate is feasible
  bills(settings) {
    const x = settings.traffic;
    return this.solve(settings).options.map((option, i) => {
      const best = cheapest(option.candidates, x), feasible = !best.infeasible.at(x);
      const at = (lines) => (feasible ? lines : []).map((line) => (
        { ...line, quantity: line.quantity.at(x), cost: line.cost && line.cost.at(x) }))
        .filter((line) => line.quantity !== 0);
      const lines = at(best.recurring), once = at(best.once);
      const cost = (some) => lines.filter(some).reduce((total, line) => total + (line.cost ?? 0), 0);
      return {
        which: i, name: this.scenario.deployments[i].name,
        total: feasible ? best.total.at(x) : null, lines, once,
        charges: cost((line) => !line.people), people: cost((line) => line.people),
        reasons: best.limits.filter((limit) => limit.exceeded.at(x)).map((limit) => limit.reason),
        unpriced: [...lines, ...once].filter((line) => line.cost === null).map((line) => line.sku),
        floor: feasible && best.floor.at(x) !== 0,
        unchecked: best.unchecked.filter((limit) => limit.exceeded.at(x)).map((limit) => limit.reason),
        sizing: { count: best.count.at(x), unit: best.unit },
      };
    });
  }

  // the people of a deployment at the traffic of the settings, feasible or not [FTE]
  people(which, settings) {
    const x = settings.traffic;
    const best = cheapest(this.solve(settings).options[which].candidates, x);
    return best.recurring.filter((line) => line.component === "labour")
      .reduce((total, line) => total + line.quantity.at(x), 0);
  }
}

// the candidate with the least total at a traffic: of the feasible ones, or of all if none is;
// a floor only if all feasible ones are
function cheapest(candidates, x) {
  const rank = (candidate) => (candidate.infeasible.at(x) ? 2 : candidate.floor.at(x) ? 1 : 0);
  const first = Math.min(...candidates.map(rank));
  return candidates.filter((candidate) => rank(candidate) === first)
    .map((candidate) => ({ candidate, total: candidate.total.at(x) }))
    .reduce((best, one) => (best.total <= one.total ? best : one)).candidate;
}

// a line whose quantity is its cost
function amountLine(component, sku, cost, currency, others) {
  return { component, sku, unit: currency, note: "", quantity: cost, unitPrice: 1, cost, price: null, ...others };
}
