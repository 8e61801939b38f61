"""The words of a picture: translated, in letters that a font has, never read as mathematics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from kafkatco.output.i18n import translate

__all__ = ["Words", "hangul_family", "width"]

#: Families with all of Hangul, those made for Korean first.
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
#: The package of the extra ``korean``.  It is not imported: that would change every figure.
PACKAGE: Final = "koreanize_matplotlib"
#: A longer name loses its middle.
MOST_LETTERS: Final = 34


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture says in ``language``, in fonts of ``families``, which have ``letters``.

    Where no font has Hangul, texts are English, and names are spelt in Latin letters.
    """

    language: str
    families: tuple[str, ...]
    letters: frozenset[int]
    note: str = ""

    @classmethod
    def of(cls, language: str) -> Words:
        """Return the words of a language, with the fonts of the user's own settings first.

        Raises :class:`~kafkatco.errors.InputError` for another language than there is.
        """
        from matplotlib import rcParams

        translate("", language)
        own, hangul = tuple(rcParams["font.family"]), hangul_family()
        families = own if hangul is None else (*own, hangul)
        letters = frozenset[int]().union(*map(_letters, families))
        if ord("한") in letters:
            return cls(language, families, letters)
        note = "" if language == "en" else "English, for want of a font: kafkatco[korean] has one"
        return cls("en", families, letters, note)

    @property
    def font(self) -> dict[str, Any]:
        """The keyword of a text, for this text alone: no setting of matplotlib is changed."""
        return {"fontfamily": list(self.families)}

    def __call__(self, text: str) -> str:
        """Return a text of ours."""
        return _escaped(self._spelt(translate(text, self.language)))

    def name(self, text: str, most: int = MOST_LETTERS) -> str:
        r"""Return a name of the user's: as it is, if too long without its middle.

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
    """Return how wide a text is, in letters: Hangul and the like are two wide.

    >>> width("MSK"), width("클러스터")
    (3, 8)
    """
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


@cache
def hangul_family() -> str | None:
    """Return a font family that has Hangul: an installed one, or that of the extra ``korean``."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    if found := _first(font.name for font in manager.ttflist):
        return found
    listed = {font.fname for font in manager.ttflist}
    # matplotlib keeps a list of what was installed when it was first used
    newer = [path for path in font_manager.findSystemFonts() if path not in listed]
    package = find_spec(PACKAGE)
    shipped = (package.submodule_search_locations or []) if package else []
    for path in (*sorted(newer), *(f"{folder}/fonts/NanumGothic.ttf" for folder in shipped)):
        try:
            manager.addfont(path)
        except (OSError, RuntimeError, NotImplementedError):  # no font that matplotlib can read
            continue
    return _first(font.name for font in manager.ttflist)


def _first(families: Iterable[str]) -> str | None:
    there = set(families)
    return next((family for family in HANGUL if family in there), None)


@cache
def _letters(family: str) -> frozenset[int]:
    """Return the letters of the font that matplotlib takes for a family."""
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=[family]))
    return frozenset(font_manager.get_font(path).get_charmap())


def _escaped(text: str) -> str:
    """Return a text that matplotlib shows as it was, though dollars mark mathematics."""
    return re.sub(r"(?<!\\)\$", r"\\$", text)


def _latin(letter: str) -> str:
    """Return a letter that no font has in Latin letters, as Unicode's own name spells Hangul."""
    named = unicodedata.name(letter, "").rpartition("HANGUL SYLLABLE ")
    return named[2].lower() if named[1] else "?"
