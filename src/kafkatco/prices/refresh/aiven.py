"""Prices of Aiven's Kafka plans in one cloud, from its API.

The API prices an hour; the tables have the month of 730 hours that Aiven's own pages print.  The
API names plans like ``startup-2``.  It has no price, or none under a known name, of the free and
the developer plan and of everything that is charged by use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote as url_quote

from kafkatco.i18n.message import _
from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import MEGABYTE, NotThereError, Web
from kafkatco.prices.refresh.parse import failed, field, number_of, rounded
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import key_of, only_today
from kafkatco.prices.rows import MONTH_HOURS

__all__ = ["Aiven"]

LABEL: Final = _("Aiven prices")
PREFIX: Final = "aiven.plan."
#: The API's name of a plan: a tier, and the size of its nodes.
PLAN: Final = re.compile(r"[a-z]+(-[0-9]+x?)+")


@dataclass(frozen=True, slots=True)
class Aiven:
    """Aiven's API of plan prices, which needs a token and the name of a project.

    ``cloud`` is the cloud of the plans, by Aiven's name.
    """

    url: str = "https://api.aiven.io"
    name: str = "aiven"
    prefix: str = "aiven."
    keys: tuple[str, ...] = ("AIVEN_TOKEN", "AIVEN_PROJECT")
    table: str = "aiven/kafka.csv"
    cloud: str = "aws-us-east-1"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the price of each plan; empty for a plan that the API does not price.

        Raises :class:`~kafkatco.errors.RefreshError` if it has none of the plans: then the project
        or the cloud is wrong.
        """
        plans = [sku.removeprefix(PREFIX) for sku in query.skus(PREFIX)]
        plans = [plan for plan in plans if PLAN.fullmatch(plan)]
        if not plans:
            return
        only_today(query, LABEL)
        token = key_of(query, "AIVEN_TOKEN", LABEL)
        project = url_quote(key_of(query, "AIVEN_PROJECT", LABEL), safe="")
        headers = {"Authorization": f"aivenv1 {token}"}
        missing: list[FileQuotes] = []
        for plan in plans:
            label = _("Aiven prices of {plan}", plan=plan)
            covers = frozenset({(PREFIX + plan, "any")})
            url = f"{self.url}/v1/project/{project}/{self._path(plan)}"
            shown = f"{self.url}/v1/project/{{PROJECT}}/{self._path(plan)}"
            try:
                reply, origin = web.json(
                    url, label=label, shown=shown, headers=headers, most=MEGABYTE
                )
            except NotThereError:
                missing.append(FileQuotes(label, covers, ()))
                continue
            yield FileQuotes(label, covers, tuple(self._quotes(reply, plan, origin)))
        if len(missing) == len(plans):
            raise failed(
                LABEL,
                _("the API has none of these plans: {plans}", plans=", ".join(plans)),
                _("Check AIVEN_PROJECT, and that Aiven has a cloud {cloud}", cloud=self.cloud),
            )
        yield from missing

    def _path(self, plan: str) -> str:
        return f"pricing/service-types/kafka/plans/{plan}/clouds/{url_quote(self.cloud, safe='')}"

    def _quotes(self, reply: dict[str, Any], plan: str, origin: Origin) -> Iterator[Quote]:
        """Yield the price of a month of a plan; nothing if an hour has the price 0."""
        label = _("Aiven prices of {plan}", plan=plan)
        for name, expected in (("service_plan", plan), ("cloud_name", self.cloud)):
            if reply.get(name, expected) != expected:
                sentence = _("{field} is not {value} in the reply", field=name, value=expected)
                raise failed(label, sentence)
        text = field(reply, "base_price_usd", str, label)
        price = number_of(text, label, "base_price_usd")
        if not price:
            return
        note = f"{price:f} USD an hour x {MONTH_HOURS}; {self.cloud}"
        yield Quote(
            PREFIX + plan,
            "any",
            rounded(price * MONTH_HOURS),
            "USD",
            "month",
            origin,
            derived=True,
            note=note,
        )
