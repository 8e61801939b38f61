"""Text on plots: translated, in a font that has its letters, and never read as mathematics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from kafkatco.i18n.catalogue import translate
from kafkatco.i18n.message import verbatim
from kafkatco.output.language import check_language

__all__ = ["Words", "hangul_family", "width"]

#: Font families with all of Hangul, those made for Korean first.
HANGUL: Final = (
    "NanumGothic",
    "NanumBarunGothic",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "Pretendard",
    "UnDotum",
    "Noto Sans CJK JP",
)
#: The package of the extra ``korean``.  It is never imported: that would change every figure.
PACKAGE: Final = "koreanize_matplotlib"
#: The middle of a longer name is cut.
MOST_LETTERS: Final = 34


@dataclass(frozen=True, slots=True)
class Words:
    """Text of a plot in ``language``, in fonts of ``families``, which have ``letters``.

    Without a font that has Hangul, texts are English and names are romanised, with a ``note``.
    """

    language: str
    families: tuple[str, ...]
    letters: frozenset[int]
    note: str = ""

    @classmethod
    def of(cls, language: str) -> Words:
        """Return the text of a language, with the fonts of the user's own settings first.

        Raises :class:`~kafkatco.errors.InputError` for an unknown language.
        """
        from matplotlib import rcParams

        check_language(language)
        own, hangul = tuple(rcParams["font.family"]), hangul_family()
        families = own if hangul is None else (*own, hangul)
        letters = frozenset[int]().union(*map(_letters, families))
        if ord("한") in letters:
            return cls(language, families, letters)
        if language == "en":
            return cls("en", families, letters)
        note = verbatim(
            "English, since no Korean font is installed: pip install 'kafkatco[korean]'"
        )
        return cls("en", families, letters, note)

    @property
    def font(self) -> dict[str, Any]:
        """The font as keyword arguments of one text; matplotlib's settings stay as they are."""
        return {"fontfamily": list(self.families)}

    def __call__(self, text: str) -> str:
        """Return a message in the language of the plot."""
        return _escaped(self._spelt(translate(text, self.language)))

    def name(self, text: str, most: int = MOST_LETTERS) -> str:
        r"""Return a name of the user's, with its middle cut if it is wider than ``most``.

        >>> Words("en", (), frozenset(range(32, 127))).name("하나 $ x^2")
        'hana \\$ x^2'
        """
        shown = self._spelt(" ".join(text.split()))
        left = right = len(shown) // 2
        while width(shown[:left] + shown[right:]) > max(most - (left < right), 0):
            if left > 2 * (len(shown) - right):
                left -= 1
            else:
                right += 1
        cut = "\N{HORIZONTAL ELLIPSIS}" if left < right else ""
        return _escaped(shown[:left] + cut + shown[right:])

    def _spelt(self, text: str) -> str:
        return "".join(letter if ord(letter) in self.letters else _latin(letter) for letter in text)


def width(text: str) -> int:
    """Return the width of a text in letters: a letter of Hangul or Chinese counts as two.

    >>> width("MSK"), width("클러스터")
    (3, 8)
    """
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


@cache
def hangul_family() -> str | None:
    """Return a font family with Hangul: an installed one, or that of the extra ``korean``."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    if family := _first(font.name for font in manager.ttflist):
        return family
    listed = {font.fname for font in manager.ttflist}
    # matplotlib caches the list of fonts that were installed when it was first used
    newer = [path for path in font_manager.findSystemFonts() if path not in listed]
    package = find_spec(PACKAGE)
    shipped = (package.submodule_search_locations or []) if package else []
    for path in (*sorted(newer), *(f"{folder}/fonts/NanumGothic.ttf" for folder in shipped)):
        try:
            manager.addfont(path)
        except (OSError, RuntimeError, NotImplementedError):  # not a font that matplotlib can read
            continue
    return _first(font.name for font in manager.ttflist)


def _first(families: Iterable[str]) -> str | None:
    available = set(families)
    return next((family for family in HANGUL if family in available), None)


@cache
def _letters(family: str) -> frozenset[int]:
    """Return the letters of the font that matplotlib uses for a family."""
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=[family]))
    return frozenset(font_manager.get_font(path).get_charmap())


def _escaped(text: str) -> str:
    """Return a text with its dollars escaped, which matplotlib would read as mathematics."""
    return re.sub(r"(?<!\\)\$", r"\\$", text)


def _latin(letter: str) -> str:
    """Return Hangul romanised, as in its Unicode name, and any other letter as "?"."""
    name = unicodedata.name(letter, "")
    syllable = name.removeprefix("HANGUL SYLLABLE ")
    return syllable.lower() if syllable != name else "?"
