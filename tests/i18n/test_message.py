"""Messages: English text that keeps its template and arguments."""

import copy
import json
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kafkatco.i18n.message import Message, _, join, ngettext, translated_as, verbatim


class Shouting:
    """A catalogue that translates every template into capitals, but for its arguments."""

    def gettext(self, message: str) -> str:
        return {"{name} has no price of {sku}": "NO PRICE OF {sku} IN {name}"}.get(
            message, message if "{" in message else message.upper()
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return "{n} PROBLEM(S)"


SHOUTING = Shouting()


def test_it_is_its_english_text() -> None:
    message = _("{name} has no price of {sku}", name="ours", sku="aws.msk.storage")
    assert message == "ours has no price of aws.msk.storage"
    assert json.dumps([message]) == '["ours has no price of aws.msk.storage"]'
    assert hash(message) == hash("ours has no price of aws.msk.storage")


def test_the_translator_may_change_the_order() -> None:
    message = _("{name} has no price of {sku}", name="ours", sku="aws.msk.storage")
    assert message.translate_with(SHOUTING, "xx") == "NO PRICE OF aws.msk.storage IN ours"


def test_arguments_that_are_messages_are_translated_and_names_are_not() -> None:
    message = _("{name} has no price of {sku}", name=_("storage"), sku="storage")
    assert message.translate_with(SHOUTING, "xx") == "NO PRICE OF storage IN STORAGE"


@pytest.mark.parametrize(("n", "text"), [(0, "0 problems"), (1, "1 problem"), (2, "2 problems")])
def test_a_count_chooses_singular_or_plural(n: int, text: str) -> None:
    message = ngettext("{n} problem", "{n} problems", n)
    assert message == text
    assert message.translate_with(SHOUTING, "xx") == f"{n} PROBLEM(S)"


def test_formats_are_the_templates_own() -> None:
    # 1,234.5 is rounded half to even: 1,234
    assert _("{cost:,.0f} USD", cost=1234.5) == "1,234 USD"
    assert _("book {book!r}", book="list") == "book 'list'"


@given(st.text())
def test_verbatim_text_is_the_same_in_every_language(text: str) -> None:
    message = verbatim(text)
    assert message == text
    assert message.translate_with(SHOUTING, "xx") == text


@given(st.text(), st.lists(st.text()))
def test_a_join_is_that_of_strings(separator: str, parts: list[str]) -> None:
    message = join(separator, parts)
    assert message == separator.join(parts)
    assert message.translate_with(SHOUTING, "xx") == separator.join(parts)


def test_a_join_keeps_its_messages() -> None:
    message = join("; ", [_("storage"), "storage", _("network")])
    assert message == "storage; storage; network"
    assert message.translate_with(SHOUTING, "xx") == "STORAGE; storage; NETWORK"


def test_text_with_its_own_translations() -> None:
    message = translated_as("cost", ko="비용")
    assert message == "cost"
    assert message.translate_with(SHOUTING, "ko") == "비용"
    assert message.translate_with(SHOUTING, "fr") == "cost"


def pickled(message: Message) -> Message:
    """Return what a worker of another process gets."""
    received: Message = pickle.loads(pickle.dumps(message))
    return received


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_copies_can_be_translated(copied: Callable[[Message], Message]) -> None:
    message = join(": ", [ngettext("{n} problem", "{n} problems", 2), translated_as("a", ko="ㄱ")])
    again = copied(message)
    assert isinstance(again, Message)
    assert again == "2 problems: a"
    assert again.translate_with(SHOUTING, "ko") == "2 PROBLEM(S): ㄱ"


def test_a_change_of_text_reaches_every_text_but_the_template() -> None:
    message = _("{name} has no price of {sku}", name=_("{n} a", n="a\x1bb"), sku="x\x1by")
    changed = message.map_text(lambda text: text.replace("\x1b", "?"))
    assert changed == "a?b a has no price of x?y"
    assert changed.translate_with(SHOUTING, "xx") == "NO PRICE OF x?y IN a?b a"


def test_a_missing_argument_is_an_error_where_the_message_is_made() -> None:
    with pytest.raises(KeyError, match="sku"):
        _("{name} has no price of {sku}", name="ours")
