"""View of the difference between two scenarios or plans, also as the text of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafkatco.core.format import money, number, prices_note
from kafkatco.core.result import View
from kafkatco.core.table import Table, markdown_text
from kafkatco.core.vocabulary import word
from kafkatco.i18n.catalogue import translate
from kafkatco.i18n.message import EMPTY, Message, _, join, ngettext, verbatim
from kafkatco.output.views.impact import used_price
from kafkatco.output.views.impact_tables import crossings_tables, prices_table
from kafkatco.output.views.prices import few

if TYPE_CHECKING:
    from kafkatco.price_impact.bills import Contribution
    from kafkatco.review.diff import DeploymentMove, Diff, Total
    from kafkatco.review.lines import Charge, LineMove
    from kafkatco.review.sides import Side

__all__ = ["DIFF", "DIFF_COLUMNS", "diff_rows", "headline", "verdict_text"]

#: One row for each changed line of a bill, and for each deployment without one.
DIFF_COLUMNS: Final = (
    "deployment",
    "was",
    "change",
    "running_before",
    "running_after",
    "component",
    "environment",
    "sku",
    "unit",
    "quantity_before",
    "quantity_after",
    "before",
    "after",
    "difference",
    "cause",
    "amount",
    "currency",
)
#: The most rows of each table of a comment, whose text has a limit.
MOST_ROWS: Final = 60
#: The fields of a workload that every comment names, whether they are stated or not.
TRAFFIC: Final = ("ingress", "fanout", "peak_to_average", "retention")


def headline(diff: Diff) -> Message:
    """Return what happens to the monthly cost, in one clause."""
    total, currency = diff.total, diff.currency
    if total is None:
        count = sum(bool(move.difference) for move in diff.deployments)
        return ngettext(
            "Kafka: the monthly cost of {n} option changes",
            "Kafka: the monthly cost of {n} options changes",
            count,
        )
    texts = {
        "currency": currency,
        "before": _amount(total.before, currency, floor=bool(total.open[0])),
        "after": _amount(total.after, currency, floor=bool(total.open[1])),
        "change": money(abs(total.difference), currency),
    }
    percent = f" ({_percent(total.difference, total.before)})" if total.before else ""
    texts["change"] += f" {currency}{percent}"
    if not _moves(total.difference, total.before):
        text = _("Kafka: the monthly cost stays at {after} {currency}", **texts)
    elif total.difference > 0:
        text = _("Kafka: the monthly cost rises by {change}, from {before} to {after}", **texts)
    else:
        text = _("Kafka: the monthly cost falls by {change}, from {before} to {after}", **texts)
    if unknown := total.unknown:
        text = ngettext(
            "{text}, and {n} cost is not known",
            "{text}, and {n} costs are not known",
            len(unknown),
            text=text,
        )
    return text


def verdict_text(diff: Diff) -> Message:
    """Return whether the increase keeps the limit, as a sentence; empty without a limit."""
    if diff.limit is None:
        return EMPTY
    limit = diff.limit.text
    if diff.verdict == "within":
        return _("within the limit of {limit}", limit=limit)
    if diff.verdict == "beyond":
        return _("beyond the limit of {limit}", limit=limit)
    unknown = (
        diff.total.unknown if diff.total else [m.name for m in diff.deployments if any(m.open)]
    )
    return _(
        "the limit of {limit} cannot be checked, since the cost is not known of {names}",
        limit=limit,
        names=few(unknown),
    )


def _moves(difference: float | None, before: float | None) -> bool:
    """Return whether an amount differs by more than rounding."""
    return bool(difference) and abs(difference or 0.0) > 1e-9 * abs(before or 0.0)


def _amount(value: float | None, currency: str, *, floor: bool) -> str:
    return money(value, currency) + ("+" if floor and value is not None else "")


def _percent(difference: float, before: float) -> str:
    return f"{100 * difference / before:+,.1f} %" if difference else ""


def _signed(value: float | None, currency: str) -> str:
    if value is None:
        return "?"
    sign = "+" if value > 0 else "-" if value else ""
    return sign + money(abs(value), currency)


def diff_tables(diff: Diff) -> Iterator[Table]:
    """Yield the tables for people: costs, causes, lines, break-evens and prices."""
    verdict = verdict_text(diff)
    notes = (*_traffic(diff), *_prices(diff), *_open(diff), *diff.notes)
    yield replace(_costs_table(diff), notes=(*([verdict] if verdict else []), *notes))
    yield from _details(diff)


def _details(diff: Diff) -> Iterator[Table]:
    if diff.causes:
        yield _causes_table(diff)
    if lines := [(move, line) for move in diff.deployments for line in move.lines]:
        yield _lines_table(diff, lines)
    yield from crossings_tables(diff)
    if diff.prices:
        yield prices_table(_name(diff.head), diff.prices)


def _shown(diff: Diff) -> list[DeploymentMove]:
    """Return the deployments whose cost, fields or name differ."""
    return [
        move
        for move in diff.deployments
        if move.was
        or move.fields
        or not all(move.exists)
        or move.reopened
        or move.totals[0] != move.totals[1]
    ]


def _costs_table(diff: Diff) -> Table:
    shown = _shown(diff)
    running = [move for move in shown if any(move.running)]
    others = [move for move in shown if not any(move.running)]
    apart = bool(others) and diff.total is not None
    rows = [_cost_cells(move, diff.currency, apart=apart) for move in running]
    tones = frozenset[Any]()
    if diff.total is not None:
        tones = frozenset((len(rows), i, "total") for i in (0, 3))
        rows.append(_total_cells(diff.total, diff.currency))
    rows += [_cost_cells(move, diff.currency, apart=False) for move in others]
    same = len(diff.deployments) - len(_shown(diff))
    if same:
        rows.append(
            (ngettext("{n} other as before", "{n} others as before", same), "", "", "", "", "")
        )
    return Table(
        headline(diff),
        (_("deployment"), _("before"), _("after"), _("change"), verbatim("%"), _("because")),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        tones=tones,
    )


def _total_cells(total: Total, currency: str) -> tuple[str, ...]:
    amounts = (
        _amount(amount, currency, floor=bool(names))
        for amount, names in zip((total.before, total.after), total.open, strict=True)
    )
    percent = _percent(total.difference, total.before) if total.before else ""
    change = _signed(total.difference, currency)
    if total.unknown:
        change, percent = f"{change} ?", ""
    return (_("total a month"), *amounts, change, percent, _because(total.parts, currency))


def _cost_cells(move: DeploymentMove, currency: str, *, apart: bool) -> tuple[str, ...]:
    """Return the cells of a deployment; one that runs is told ``apart`` from alternatives."""
    amounts = (
        _amount(total, currency, floor=bool(reasons)) if exists else "-"
        for total, reasons, exists in zip(move.totals, move.open, move.exists, strict=True)
    )
    before = move.paid[0]
    percent = _percent(move.difference, before) if move.difference is not None and before else ""
    change = _signed(move.difference, currency)
    if move.difference is not None and any(move.open):  # between floors
        change, percent = f"{change} ?", ""
    because = {
        "added": _("added"),
        "removed": _("removed"),
        "renamed": _("{name} in the base", name=move.was),
    }.get(move.change) or _because(move.parts, currency)
    if move.difference is None:
        because = _("not known: see the notes")
    name: str = move.name
    if apart and any(move.running):
        name = _("{name} (runs)", name=name)
    return (name, *amounts, change, percent, because)


def _because(parts: Sequence[Contribution], currency: str) -> Message:
    return join("; ", [join(" ", [part.text, _signed(part.amount, currency)]) for part in parts])


def _causes_table(diff: Diff) -> Table:
    rows = []
    for cause in diff.causes:
        for i, change in enumerate(cause.changes):
            rows.append(
                (
                    cause.text if i == 0 else "",
                    change.field,
                    "-" if change.before is None else change.before,
                    "-" if change.after is None else change.after,
                )
            )
    return Table(_("what differs"), (_("cause"), _("field"), _("before"), _("after")), tuple(rows))


def _lines_table(diff: Diff, lines: Sequence[tuple[DeploymentMove, LineMove]]) -> Table:
    currency = diff.currency
    moved = [(move, line) for move, line in lines if line.difference is None or line.difference]
    moved.sort(key=lambda pair: (not any(pair[0].running), -abs(pair[1].difference or 0.0)))
    return Table(
        ngettext("{n} line of the bills", "{n} lines of the bills", len(moved)),
        (
            _("deployment"),
            _("component"),
            verbatim("sku"),
            _("quantity"),
            _("before"),
            _("after"),
            _("change"),
            _("because"),
        ),
        tuple(
            (
                move.name,
                _component(line),
                line.sku,
                _quantities(line),
                _cost(line.before, currency),
                _cost(line.after, currency),
                _signed(line.difference, currency),
                _because(line.parts, currency),
            )
            for move, line in moved
        ),
        frozenset({4, 5, 6}),
    )


def _component(line: LineMove) -> Message:
    names = [word(line.component), *([verbatim(line.environment)] if line.environment else [])]
    return join(", ", names)


def _quantities(line: LineMove) -> Message:
    texts = ["-" if side is None else number(side.quantity) for side in (line.before, line.after)]
    amount = texts[0] if texts[0] == texts[1] else " → ".join(texts)
    return join(" ", [amount, word(line.unit)])


def _cost(charge: Charge | None, currency: str) -> str:
    if charge is None:
        return "-"
    return "?" if charge.cost is None else money(charge.cost, currency)


def _name(side: Side) -> str:
    return Path(side.source).name


def _traffic(diff: Diff) -> Iterator[Message]:
    """Yield the traffic assumed on each side, once if it is the same."""
    planned = [side.scenario.source for side in (diff.base, diff.head) if side.planned]
    if planned:
        yield _(
            "a plan does not say its traffic: each cluster is priced with that of {file}",
            file=Path(planned[-1]).name,
        )
    before, after = (_traffic_text(side) for side in (diff.base, diff.head))
    if before == after:
        yield _("traffic: {traffic}", traffic=after)
    else:
        yield _("traffic before: {traffic}", traffic=before)
        yield _("traffic after: {traffic}", traffic=after)


def _traffic_text(side: Side) -> Message:
    texts = [
        join(" ", [word(name), verbatim(value)])
        for name, value in _traffic_dict(side).items()
        if value is not None
    ]
    return join(", ", texts)


def _traffic_dict(side: Side) -> dict[str, str | None]:
    """Return the fields of the workload that are stated, and those that matter most."""
    load = side.scenario.workload
    values = load.model_dump()
    names = dict.fromkeys([*TRAFFIC, *(name for name in values if name in load.model_fields_set)])
    texts = {name: _value(values[name]) for name in names if name != "profile"}
    peak = float(side.scenario.operands.peak_to_average)
    if load.profile is not None:
        texts["profile"] = str(load.profile.name)
    return {**texts, "peak_to_average": f"{peak:.6g}"}


def _value(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _prices(diff: Diff) -> Iterator[Message]:
    was, now = (prices_note(side.scenario.book.describe()) for side in (diff.base, diff.head))
    if was == now:
        yield now
    else:
        yield _("before: {prices}", prices=was)
        yield _("after: {prices}", prices=now)


def _open(diff: Diff) -> Iterator[Message]:
    """Yield why a cost is not known, or is a floor, of each deployment in the table."""
    for move in diff.deployments:
        was, now = (join("; ", reasons) for reasons in move.open)
        if was == now or not all(move.exists):
            now = now or was
            texts = [now] if now else []
        else:
            texts = [_("before: {reason}", reason=was)] if was else []
            texts += [_("after: {reason}", reason=now)] if now else []
        if texts:
            yield join(": ", [f"+ {move.name}", join("; ", texts)])


def diff_markdown(diff: Diff, language: str) -> Iterator[str]:
    """Yield a comment for a pull request: the answer first, details folded.

    Its first line is a mark that readers do not see, by which the comment is found again.
    """

    def text(message: str) -> str:
        return markdown_text(translate(message, language))

    table = _costs_table(diff)
    yield f"<!-- kafkatco diff: {_mark(diff)} -->\n"
    yield f"### {text(table.title)}\n\n"
    verdict = verdict_text(diff)
    if verdict:
        sign = {"within": "✅", "beyond": "❌"}.get(diff.verdict or "", "⚠️")
        yield f"{sign} **{text(verdict)}**\n\n"
    if table.rows:
        yield _body(table, language)
        yield "\n"
    for note in _traffic(diff):
        yield f"{text(note)}\n\n"
    for detail in _details(diff):
        yield from _folded(translate(detail.title, language), _body(detail, language))
    notes = [*_open(diff), *diff.notes, *_prices(diff)]
    body = "".join(f"- {text(note)}\n" for note in notes)
    title = ngettext("{n} note", "{n} notes", len(notes))
    yield from _folded(translate(title, language), body)


def _body(table: Table, language: str) -> str:
    """Return a table as Markdown without its title."""
    return table.first(MOST_ROWS).translated(language).to_markdown().partition("\n\n")[2]


def _folded(title: str, body: str) -> Iterator[str]:
    yield f"<details>\n<summary>{escape(title)}</summary>\n\n{body}\n</details>\n\n"


def _mark(diff: Diff) -> str:
    """Return the name of the head, so that each file has a comment of its own."""
    return _name(diff.head).replace("--", "- -").replace(">", "")


def diff_dict(diff: Diff) -> dict[str, Any]:
    """Return a difference as plain values; nothing is rounded or left out."""
    total = diff.total
    return {
        "base": _side(diff.base),
        "head": _side(diff.head),
        "currency": diff.currency,
        "nothing_changed": diff.nothing,
        "total": total
        and {
            "before": total.before,
            "after": total.after,
            "difference": total.difference,
            "parts": _parts(total.parts),
            "open": {"before": list(total.open[0]), "after": list(total.open[1])},
        },
        "limit": diff.limit
        and {
            "text": diff.limit.text,
            "share": diff.limit.share,
            "amount": diff.limit.amount,
            "verdict": diff.verdict,
        },
        "causes": [
            {
                "cause": cause.name,
                "changes": [
                    {"field": one.field, "before": one.before, "after": one.after}
                    for one in cause.changes
                ],
            }
            for cause in diff.causes
        ],
        "prices": [used_price(*pair) for pair in diff.prices],
        "deployments": [_deployment(move) for move in diff.deployments],
        "cheapest": {"before": diff.winner[0], "after": diff.winner[1]},
        "crossovers": {
            "over": "ingress",
            "unit": diff.unit,
            "moved": [
                {
                    "a": move.a,
                    "b": move.b,
                    "before": move.before,
                    "after": move.after,
                    "cheapest_of_all_changes": move.leads,
                    "text": move.sentence(diff.unit),
                }
                for move in diff.crossings
            ],
            "cheapest": [
                {"from": part.start, "to": part.stop, "before": part.before, "after": part.after}
                for part in diff.cheapest
            ],
        },
        "notes": list(diff.notes),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "file": side.source,
        "scenario": side.scenario.source,
        "prices": side.scenario.book.describe(),
        "currency": side.scenario.book.currency,
        "traffic": _traffic_dict(side),
        "running": list(side.running),
    }


def _parts(parts: Sequence[Contribution]) -> list[dict[str, Any]]:
    return [{"cause": part.name, "amount": part.amount} for part in parts]


def _deployment(move: DeploymentMove) -> dict[str, Any]:
    return {
        "name": move.name,
        "was": move.was or None,
        "kind": move.kind,
        "change": move.change,
        "running": dict(zip(("before", "after"), move.running, strict=True)),
        "before": move.totals[0],
        "after": move.totals[1],
        "difference": move.difference,
        "open": {"before": list(move.open[0]), "after": list(move.open[1])},
        "fields": [
            {"field": one.field, "before": one.before, "after": one.after} for one in move.fields
        ],
        "parts": _parts(move.parts),
        "lines": [_line(line) for line in move.lines],
    }


def _line(line: LineMove) -> dict[str, Any]:
    sides = {"before": line.before, "after": line.after}
    return {
        "component": line.component,
        "environment": line.environment,
        "sku": line.sku,
        "unit": line.unit,
        "quantity": {name: side and side.quantity for name, side in sides.items()},
        "cost": {name: side and side.cost for name, side in sides.items()},
        "difference": line.difference,
        "parts": _parts(line.parts),
    }


def diff_rows(diff: Diff) -> list[list[Any]]:
    """Return one row for each part of each changed line, under ``DIFF_COLUMNS``.

    A deployment without changed lines has one row with its totals.
    """
    rows: list[list[Any]] = []
    for move in diff.deployments:
        head = [move.name, move.was or None, move.change, *move.running]
        for line in move.lines:
            was, now = line.before, line.after
            cells = [
                *head,
                line.component,
                line.environment,
                line.sku,
                line.unit,
                was and was.quantity,
                now and now.quantity,
                was and was.cost,
                now and now.cost,
                line.difference,
            ]
            parts: list[tuple[Any, ...]] = [(part.name, part.amount) for part in line.parts]
            rows += [[*cells, *part, diff.currency] for part in parts or [(None, None)]]
        if not move.lines:
            blank = [None] * 6
            rows.append([*head, *blank, *move.totals, move.difference, None, None, diff.currency])
    return rows


DIFF: Final = View(
    columns=DIFF_COLUMNS,
    rows=diff_rows,
    tables=diff_tables,
    plain=diff_dict,
    markdown=diff_markdown,
)
