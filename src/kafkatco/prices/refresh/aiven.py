"""Aiven's prices of its Kafka plans, as its API gives them for one cloud.

The API prices an hour; the tables have the month of 730 hours that Aiven's own pages print.  It
knows plans by names such as ``startup-2``: of what the tables have besides (the free and the
developer plan, and whatever is charged by use), it has no price, or none under a name we know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote as url_quote

from kafkatco.prices.refresh.fetched_file import Origin
from kafkatco.prices.refresh.http import MEGABYTE, NotThereError, Web
from kafkatco.prices.refresh.parse import failed, field, number_of, rounded
from kafkatco.prices.refresh.source import FileQuotes, Query, Quote
from kafkatco.prices.refresh.source_helpers import key_of, only_today
from kafkatco.prices.rows import MONTH_HOURS

__all__ = ["Aiven"]

WHAT: Final = "Aiven prices"
PREFIX: Final = "aiven.plan."
#: How the API names a plan: a tier, and the size of its nodes.
PLAN: Final = re.compile(r"[a-z]+(-[0-9]+x?)+")


@dataclass(frozen=True, slots=True)
class Aiven:
    """Aiven's API of plan prices, which wants a token and the name of a project.

    ``cloud`` is where the plans run, by Aiven's name.
    """

    url: str = "https://api.aiven.io"
    name: str = "aiven"
    prefix: str = "aiven."
    keys: tuple[str, ...] = ("AIVEN_TOKEN", "AIVEN_PROJECT")
    table: str = "aiven/kafka.csv"
    cloud: str = "aws-us-east-1"

    def read(self, web: Web, query: Query) -> Iterator[FileQuotes]:
        """Yield the price of each plan; none of one that the API does not know or gives no price.

        Where it knows none at all, that is an error: the project or the cloud is another.
        """
        plans = [sku.removeprefix(PREFIX) for sku in query.skus(PREFIX)]
        plans = [plan for plan in plans if PLAN.fullmatch(plan)]
        if not plans:
            return
        only_today(query, WHAT)
        token = key_of(query, "AIVEN_TOKEN", WHAT)
        project = url_quote(key_of(query, "AIVEN_PROJECT", WHAT), safe="")
        headers = {"Authorization": f"aivenv1 {token}"}
        missing: list[FileQuotes] = []
        for plan in plans:
            what = f"{WHAT} of {plan}"
            covers = frozenset({(PREFIX + plan, "any")})
            url = f"{self.url}/v1/project/{project}/{self._path(plan)}"
            shown = f"{self.url}/v1/project/{{PROJECT}}/{self._path(plan)}"
            try:
                reply, origin = web.json(
                    url, what=what, shown=shown, headers=headers, most=MEGABYTE
                )
            except NotThereError:
                missing.append(FileQuotes(what, covers, ()))
                continue
            yield FileQuotes(what, covers, tuple(self._quotes(reply, plan, origin)))
        if len(missing) == len(plans):
            hint = f"Is AIVEN_PROJECT right, and {self.cloud} one of Aiven's clouds?"
            raise failed(WHAT, "none of the plans", ", ".join(plans), hint)
        yield from missing

    def _path(self, plan: str) -> str:
        return f"pricing/service-types/kafka/plans/{plan}/clouds/{url_quote(self.cloud, safe='')}"

    def _quotes(self, reply: dict[str, Any], plan: str, origin: Origin) -> Iterator[Quote]:
        """Yield the price of a month of a plan, or none where an hour is priced at 0."""
        what = f"{WHAT} of {plan}"
        for name, expected in (("service_plan", plan), ("cloud_name", self.cloud)):
            if reply.get(name, expected) != expected:
                raise failed(what, f"the price of another {name}", f"that of {expected}")
        text = field(reply, "base_price_usd", str, what)
        price = number_of(text, what, "base_price_usd")
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
