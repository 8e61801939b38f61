"""What readers of inventory share: the age of a file, counts, and one cluster of several files."""

from __future__ import annotations

from typing import Any

import pytest

from kafkatco.errors import InputError
from kafkatco.ingest.inventory import FRESH_DAYS, count, joined, old
from kafkatco.ingest.node import Node
from kafkatco.ingest.readings import Resource
from support.ingest import START

DAY = 86_400.0


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 0), (7, 0), (8, 1), (400, 1)])
def test_more_than_a_week_is_told(days: int, told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(START)))
    assert FRESH_DAYS == 7
    assert len(old("cluster.json", START - days * DAY)) == told
    assert old("cluster.json", None) == ()


@pytest.mark.parametrize(("value", "whole"), [(1, 1), (3, 3), ("3", 3), (2.0, 2)])
def test_a_count_is_whole(value: Any, whole: int) -> None:
    assert count(Node(value)) == whole


@pytest.mark.parametrize("value", [0, -1, 1.5, None, True, "many", "NaN", 1e400])
def test_anything_else_is_no_count(value: Any) -> None:
    with pytest.raises(InputError, match="expected a"):
        count(Node(value, "brokers", "cluster.json"))


def resource(number: int, provider_id: str, **options: Any) -> Resource:
    return Resource("msk-standard", {"brokers": number}, f"c{number}", provider_id, **options)


def test_clusters_are_one_by_their_id() -> None:
    """Without an id nothing says that two are the same; before and after a change are two."""
    found, told = joined(
        [
            resource(1, ""),
            resource(2, ""),
            resource(3, "arn"),
            resource(3, "arn", extra={"monitoring": "DEFAULT"}),
            resource(4, "arn", when="after"),
        ]
    )
    assert [one.fields["brokers"] for one in found] == [1, 2, 3, 4]
    assert found[2].extra == {"monitoring": "DEFAULT"}
    assert told == ()


def test_fields_that_differ_are_told() -> None:
    files = [resource(3, "arn", source="a.json"), resource(6, "arn", source="b.json")]
    [one], told = joined(files)
    assert (one.fields, one.source) == ({"brokers": 3}, "a.json, b.json")
    assert told == ("c3: brokers is 3 in a.json, but 6 in b.json; the first one is taken",)
