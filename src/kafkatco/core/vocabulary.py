"""Words that are data in JSON and CSV, and that people read in their own language.

A result keeps such a word as a plain string; a view looks it up here as it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kafkatco.i18n.message import Message, _, verbatim

__all__ = ["WORDS", "input_word", "word"]

_ALL: Final = (
    # dimensions of a sizing, of which one is the bottleneck
    _("storage-throughput"),
    _("events-in"),
    _("events-out"),
    # a setting of a sizing without a value
    _("not set"),
    # components of a bill
    _("compute"),
    _("storage"),
    _("network"),
    _("throughput"),
    _("requests"),
    _("platform"),
    _("connect"),
    _("schema-registry"),
    _("stream-processing"),
    _("monitoring"),
    _("support"),
    _("labour"),
    _("setup"),
    _("migration"),
    _("discount"),
    _("credit"),
    _("tax"),
    _("environments"),
    # units
    _("hour"),
    _("month"),
    _("once"),
    _("million"),
    _("people"),
    _("TB/month"),
    _("GB-month"),
    _("GiB-month"),
    _("GiB-hour"),
    _("IOPS-month"),
    _("IOPS-hour"),
    _("MiB/s-month"),
    _("MB/s-hour"),
    _("kW-month"),
    _("FTE-month"),
    _("h"),
    # sizing: its units and details, with spaces instead of underscores
    _("brokers"),
    _("nodes"),
    _("clusters"),
    _("bottleneck"),
    _("instance"),
    _("node"),
    _("plan"),
    _("topics"),
    _("capture"),
    _("utilisation"),
    _("disk headroom"),
    _("failure margin"),
    _("storage copies"),
    _("units from"),
    _("zone traffic"),
    _("memory GiB per vCPU"),
    # sizing: bottlenecks and other values
    _("minimum"),
    _("throughput-in"),
    _("throughput-out"),
    _("disk-throughput"),
    _("zone"),
    _("peak"),
    _("average"),
    _("metered"),
    _("usage"),
    _("mean TUs"),
    _("mean PUs"),
    _("mean eCKUs"),
    # shapes of traffic over a day or week
    _("flat"),
    _("office-hours"),
    _("evening-peak"),
    _("night-batch"),
    # days
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
    _("classic"),
    _("yes"),
    _("no"),
    # inputs
    _("ingress"),
    _("fanout"),
    _("retention"),
    _("local_retention"),
    _("peak_to_average"),
    _("compression_ratio"),
    _("message_size"),
    _("partitions"),
    _("connector_tasks"),
    _("stream_processing_units"),
    _("connections"),
    _("topics"),
    _("follower_fetch"),
    _("producer_affinity"),
    _("internet_egress"),
    _("disk_headroom"),
    _("fte"),
    _("salary"),
    _("krw"),
    # kinds of crossing
    _("jump"),
    _("root"),
    # confidence in a price, and kinds of price
    _("official"),
    _("secondary"),
    _("derived"),
    _("assumption"),
    _("user"),
    _("article"),
    _("quote"),
    _("open"),
    # growth
    _("constant"),
    _("growth"),
    _("months of growth"),
    # books and tables of prices
    _("list"),
    _("capacity"),
    # causes of a change
    _("traffic"),
    _("configuration"),
    _("prices"),
    _("assumptions"),
    _("conventions"),
    # verdicts on a claim
    _("holds"),
    _("holds only if"),
    _("does not hold"),
    # costs of a bill
    _("gross"),
    _("net"),
    # break-evens
    _("always"),
    _("never"),
)

#: Each word with its message.
WORDS: Final[Mapping[str, Message]] = MappingProxyType({str(text): text for text in _ALL})


def word(text: str) -> Message:
    """Return a word as a message, and any other text, such as a user's own component, verbatim.

    >>> word("storage").template, word("our own").arguments
    ('storage', {'text': 'our own'})
    """
    return WORDS.get(text) or verbatim(text)


def input_word(name: str) -> Message:
    """Return the name of an input, which may belong to one deployment, as a message.

    >>> input_word("fte:ours").template, input_word("salary").template
    ('fte:{deployment}', 'salary')
    """
    kind, colon, deployment = name.partition(":")
    if colon and kind == "fte":
        return _("fte:{deployment}", deployment=deployment)
    if colon and kind == "discount":
        return _("discount:{deployment}", deployment=deployment)
    return word(name)
