"""Match the line types of Confluent's invoices with prices of the tables.

A line names neither the region nor the type of its cluster: it may be any sku with the prefix and
one of the last words of its line type.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from kafkatco.prices.rows import MONTH_HOURS

__all__ = ["CLUSTER", "LINE_TYPES", "LineType", "last_word"]


class LineType(NamedTuple):
    """The prefix and the last words of the skus of a line type.

    A unit of the tables is ``hours`` units of the invoice.  ``unit`` is the unit of the line, if it
    differs from that of the tables.
    """

    prefix: str
    last_words: tuple[str, ...]
    hours: int = 1
    unit: str = ""


#: The lines of a cluster itself.
CLUSTER: Final[Mapping[str, LineType]] = MappingProxyType(
    {
        "KAFKA_NUM_CKUS": LineType("confluent.", ("ecku", "cku")),
        "KAFKA_NETWORK_READ": LineType("confluent.", ("egress",)),
        "KAFKA_NETWORK_WRITE": LineType("confluent.", ("ingress",)),
        "KAFKA_STORAGE": LineType("confluent.", ("storage",), MONTH_HOURS, "GiB-hour"),
        "KAFKA_PARTITION": LineType("confluent.", ("partition",)),
    }
)
#: All lines.
LINE_TYPES: Final[Mapping[str, LineType]] = MappingProxyType(
    {
        **CLUSTER,
        "KAFKA_BASE": LineType("confluent.", ("cluster",), unit="hour"),
        "CONNECT_NUM_TASKS": LineType("confluent.connect.", ("task", "premium-task")),
        "CONNECT_THROUGHPUT": LineType("confluent.connect.", ("data",)),
        "CUSTOM_CONNECT_NUM_TASKS": LineType("confluent.connect.", ("custom-task",)),
        "GOVERNANCE_BASE": LineType(
            "confluent.governance.", ("essentials", "advanced"), unit="hour"
        ),
        "FLINK_NUM_CFUS": LineType("confluent.flink.", ("cfu",)),
        "KSQL_NUM_CSUS": LineType("confluent.ksqldb.", ("csu",)),
        "CLUSTER_LINKING_PER_LINK": LineType("confluent.cluster-linking.", ("link",)),
        "CLUSTER_LINKING_READ": LineType("confluent.cluster-linking.", ("read",)),
        "CLUSTER_LINKING_WRITE": LineType("confluent.cluster-linking.", ("write",)),
        "SUPPORT": LineType("confluent.support.", ("developer", "business", "premier")),
    }
)


def last_word(sku: str) -> str:
    """Return the last word of a sku, without its variant.

    >>> last_word("confluent.basic.ecku~calculator")
    'ecku'
    """
    return sku.partition("~")[0].rpartition(".")[2]
