// Exact piecewise-linear curves and their crossings.  The rules are those of the package
// kafkatco.numerics, of which the page needs sums, extremes and choices.

const SAME_EDGE = 1e-12; // edges closer than this (relative) differ by rounding only
const SAME_COST = 1e-12; // so do costs

class Curve {
  // edges and points have one more entry than intercept and slope; between two edges the value is
  // intercept + slope * x, and at an edge it is that of the point
  constructor(edges, points, intercept, slope) {
    Object.assign(this, { edges, points, intercept, slope });
  }

  static constant(value, edges) {
    const n = edges.length;
    return new Curve(
      edges, new Array(n).fill(value), new Array(n - 1).fill(value), new Array(n - 1).fill(0));
  }

  // a curve of the page's data, as kafkatco.output.page.store writes it
  static read([index, points, intercept, slope], allEdges) {
    const edges = allEdges[index], slopes = slope || intercept.map(() => 0);
    const ends = intercept.map((value, i) => value + slopes[i] * edges[i + 1]);
    return new Curve(edges, Array.isArray(points) ? points : [points, ...ends], intercept, slopes);
  }

  at(x) {
    const right = firstAtOrAbove(this.edges, x);
    if (this.edges[right] === x) return this.points[right];
    return this.intercept[right - 1] + this.slope[right - 1] * x;
  }

  // the same function on edges that contain its own
  on(edges) {
    if (edges === this.edges) return this;
    const n = edges.length;
    const points = new Array(n), intercept = new Array(n - 1), slope = new Array(n - 1);
    for (let i = 0, piece = 0; i < n - 1; i++) {
      const middle = 0.5 * (edges[i] + edges[i + 1]);
      while (this.edges[piece + 1] < middle) piece++;
      intercept[i] = this.intercept[piece];
      slope[i] = this.slope[piece];
    }
    for (let i = 0, near = 0; i < n; i++) {
      const x = edges[i], piece = Math.min(i, n - 2);
      while (near + 1 < this.edges.length
        && Math.abs(this.edges[near + 1] - x) <= Math.abs(this.edges[near] - x)) near++;
      const own = Math.abs(this.edges[near] - x) <= SAME_EDGE * edgeSize(edges, i);
      points[i] = own ? this.points[near] : intercept[piece] + slope[piece] * x;
    }
    return new Curve(edges, points, intercept, slope);
  }

  // a curve of the same edges, with `make` applied to the numbers of this curve and of the others
  each(make, ...others) {
    const of = (part) => this[part].map((value, i) => make(value, ...others.map((o) => o[part][i])));
    return new Curve(this.edges, of("points"), of("intercept"), of("slope"));
  }

  times(factor) {
    return factor === 1 ? this : this.each((value) => value * factor);
  }

  // a value where a condition on this curve holds, else 0; its pieces do not change sign
  where(holds, value) {
    const chosen = (own) => (holds(own) ? value : 0);
    return new Curve(
      this.edges, this.points.map(chosen), this.middles.map((x, i) => chosen(this.line(i, x))),
      this.slope.map(() => 0));
  }

  // whether it is other than zero anywhere
  get somewhere() {
    return [...this.points, ...this.intercept, ...this.slope].some((value) => value !== 0);
  }

  // a curve of 1 where this one is finite, else 0
  get finite() {
    const truth = (values) => values.map((value) => (Number.isFinite(value) ? 1 : 0));
    return new Curve(this.edges, truth(this.points), truth(this.intercept), this.slope.map(() => 0));
  }

  get middles() {
    return this.intercept.map((_, i) => 0.5 * (this.edges[i] + this.edges[i + 1]));
  }

  line(i, x) {
    return this.intercept[i] + this.slope[i] * x;
  }
}

function firstAtOrAbove(edges, x) {
  let low = 0, high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < x) low = middle + 1; else high = middle;
  }
  return low;
}

function edgeSize(edges, i) {
  return Math.max(Math.abs(edges[i]), 1e-3 * (edges[edges.length - 1] - edges[0]));
}

// all edges in order; of edges that differ only by rounding the first, and both ends
function joined(groups) {
  const all = [...new Set(groups.flat())].sort((a, b) => a - b);
  const distinct = all.filter((x, i) => i === 0 || x - all[i - 1] > SAME_EDGE * edgeSize(all, i));
  distinct[distinct.length - 1] = all[all.length - 1];
  return distinct;
}

function common(curves) {
  const [first] = curves;
  if (curves.every((curve) => curve.edges === first.edges)) return curves;
  const edges = joined(curves.map((curve) => curve.edges));
  return curves.map((curve) => curve.on(edges));
}

function sum(curves) {
  const [first, ...others] = common(curves);
  return first.each((value, ...rest) => rest.reduce((total, one) => total + one, value), ...others);
}

// the two curves, with an edge wherever they cross within a piece
function splitWhereEqual(a, b) {
  const { edges } = a;
  const inside = [];
  for (let i = 0; i < edges.length - 1; i++) {
    const x = (b.intercept[i] - a.intercept[i]) / (a.slope[i] - b.slope[i]);
    if (x > edges[i] + SAME_EDGE * edgeSize(edges, i)
      && x < edges[i + 1] - SAME_EDGE * edgeSize(edges, i + 1)) inside.push(x);
  }
  if (!inside.length) return [a, b];
  const all = joined([edges, inside]);
  const [left, right] = [a.on(all), b.on(all)];
  const crossed = new Set(inside);
  const points = all.map((x, i) => (crossed.has(x) ? left.points[i] : right.points[i]));
  return [left, new Curve(all, points, right.intercept, right.slope)];
}

function extreme(choose, a, b) {
  [a, b] = splitWhereEqual(...common([a, b]));
  const first = a.middles.map((x, i) => choose(a.line(i, x), b.line(i, x)) === a.line(i, x));
  return new Curve(
    a.edges,
    a.points.map((value, i) => choose(value, b.points[i])),
    a.intercept.map((value, i) => (first[i] ? value : b.intercept[i])),
    a.slope.map((value, i) => (first[i] ? value : b.slope[i])));
}

const least = (a, b) => extreme(Math.min, a, b);
const most = (a, b) => extreme(Math.max, a, b);

// infinite where a condition, a curve of 1 and 0, holds
function without(curve, condition) {
  [curve, condition] = common([curve, condition]);
  const or = (part, other) => curve[part].map((value, i) => (condition[part][i] ? other : value));
  return new Curve(
    curve.edges, or("points", Infinity), or("intercept", Infinity),
    curve.slope.map((value, i) => (condition.intercept[i] ? 0 : value)));
}

// a curve, and another one where the first is infinite
function filled(curve, other) {
  [curve, other] = common([curve, other]);
  const { finite } = curve;
  const or = (part, known) => curve[part].map((value, i) => (known[i] ? value : other[part][i]));
  return new Curve(curve.edges, or("points", finite.points), or("intercept", finite.intercept),
    or("slope", finite.intercept));
}

// every point where the sign of a - b changes; none where, or across where, `blocked` holds
function crossings(a, b, blocked) {
  [a, b, blocked] = common([a, b, blocked]);
  const roots = [];
  for (let i = 0; i < a.intercept.length; i++) {
    const x = -(a.intercept[i] - b.intercept[i]) / (a.slope[i] - b.slope[i]);
    if (x > a.edges[i] && x < a.edges[i + 1]) roots.push(x);
  }
  const edges = joined([a.edges, roots]);
  const [left, right, held] = [a.on(edges), b.on(edges), blocked.on(edges)];
  const changes = [];
  let last = 0, lastStop = 0; // sign and end of the last stretch with a winner
  for (let i = 0; i < edges.length - 1; i++) {
    const x = 0.5 * (edges[i] + edges[i + 1]);
    const [costA, costB] = [left.line(i, x), right.line(i, x)];
    const scale = Math.max(Math.abs(costA), Math.abs(costB));
    let sign = Math.sign(costA - costB);
    if (Number.isFinite(scale) && Math.abs(costA - costB) <= SAME_COST * scale) sign = 0;
    if (Number.isNaN(sign) || held.intercept[i]) {
      last = 0;
    } else if (sign) {
      if (last && sign !== last) {
        const at = firstAtOrAbove(edges, lastStop);
        changes.push({
          x: lastStop, until: edges[i], kind: jumps(left, right, at) ? "jump" : "root",
          below: last < 0 ? 0 : 1, above: last < 0 ? 1 : 0,
          cost: Math.min(left.points[at], right.points[at]),
        });
      }
      last = sign;
      lastStop = edges[i + 1];
    }
  }
  return changes;
}

// whether the difference of two curves of the same edges steps at an edge
function jumps(a, b, at) {
  if (at === 0 || at === a.edges.length - 1) return false;
  const x = a.edges[at];
  const step = Math.abs((a.line(at - 1, x) - b.line(at - 1, x)) - (a.line(at, x) - b.line(at, x)));
  const size = Math.max(Math.abs(a.points[at]), Math.abs(b.points[at]));
  return !Number.isFinite(step) || step > 1e-9 * size;
}

// the index of the least curve on each stretch: the first of a tie, null where all are infinite
function envelope(curves) {
  let best = curves[0];
  for (const curve of curves.slice(1)) best = least(best, curve);
  const edges = joined([best.edges, ...curves.map((curve) => curve.edges)]);
  const all = curves.map((curve) => curve.on(edges));
  const stretches = [];
  for (let i = 0; i < edges.length - 1; i++) {
    const x = 0.5 * (edges[i] + edges[i + 1]);
    const costs = all.map((curve) => curve.line(i, x));
    const lowest = Math.min(...costs);
    const winner = Number.isFinite(lowest)
      ? costs.findIndex((cost) => cost <= lowest * (1 + SAME_COST)) : null;
    const before = stretches[stretches.length - 1];
    if (before && before.winner === winner) before.stop = edges[i + 1];
    else stretches.push({ start: edges[i], stop: edges[i + 1], winner });
  }
  return stretches;
}

// the stretches on which the total of an option is a floor below every known cost
function undercuts(options) {
  if (options.every((option) => option.known === option.total)) return [];
  const known = options.map((option) => option.known).reduce(least);
  const floors = options.map((option) => without(option.total, option.known.finite));
  return envelope([known, ...floors]).filter((part) => part.winner > 0)
    .map((part) => ({ ...part, which: part.winner - 1 }));
}
