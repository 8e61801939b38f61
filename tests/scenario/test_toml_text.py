"""TOML that is written: it is read back as it was, whatever letters it has."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.scenario.toml_text import comment, section, toml_value

# text of a file: no halves of letters, which UTF-8 does not have
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.dates(dt.date(1000, 1, 1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_read_back(value: Any) -> None:
    found = tomllib.loads(f"x = {toml_value(value)}")["x"]
    assert found == value
    assert type(found) is type(value)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), TEXTS)
def test_comments_change_nothing(fields: dict[str, Any], text: str) -> None:
    comments = {"": [text], **{name: [text] for name in fields}}
    written = "\n".join(section("[table]", fields, comments))
    assert tomllib.loads(written) == {"table": fields}


@pytest.mark.parametrize("name", ['the "old" one', "한국\n어", "a\\b", "\x00\x7f\t", "'''"])
def test_names_with_special_letters(name: str) -> None:
    assert tomllib.loads(f"name = {toml_value(name)}") == {"name": name}


def test_a_comment_hides_a_line_that_would_be_a_field() -> None:
    assert list(comment("a file\nfanout = 9\x1b[2J")) == ["# a file", "# fanout = 9\ufffd[2J"]


def test_long_comments_are_wrapped() -> None:
    assert all(len(line) <= 98 for line in comment("word " * 100))


def test_what_a_scenario_never_has() -> None:
    with pytest.raises(TypeError, match="a scenario has no object"):
        toml_value(object())


def test_long_lists_are_in_rows_also_within_a_table() -> None:
    week = [float(hour) for hour in range(168)]
    text = toml_value({"hours": week})
    assert len(text.splitlines()) == 1 + 7 + 1
    assert tomllib.loads(f"profile = {text}") == {"profile": {"hours": week}}
    assert len(toml_value(week[:24]).splitlines()) == 1
