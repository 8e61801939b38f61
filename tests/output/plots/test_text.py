"""Text on plots: in fonts that have its letters, without mathematics or global changes."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kafkatco import InputError
from kafkatco.core.vocabulary import word
from kafkatco.output.plots import text as module
from kafkatco.output.plots.text import Words, hangul_family, width

LATIN_FONT = Words("en", ("DejaVu Sans",), frozenset())
LATIN = Words("en", (), frozenset(range(32, 127)) | {ord("…")})


@pytest.fixture
def _no_hangul(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pretend that no font with Hangul is installed, nor the package that has one."""
    monkeypatch.setattr(module, "HANGUL", ())
    hangul_family.cache_clear()
    yield
    hangul_family.cache_clear()


def draw(words: Words, *texts: str) -> None:
    """Draw texts with Agg; a letter that no font has causes a warning, which is an error."""
    figure = Figure()
    for text in texts:
        figure.text(0.5, 0.5, text, **words.font)
    canvas: Any = FigureCanvasAgg(figure)  # untyped
    canvas.draw()


@pytest.mark.usefixtures("_no_hangul")
def test_without_a_font_texts_are_english_and_names_spelt() -> None:
    words = Words.of("ko")
    assert words(word("storage")) == "storage"
    # the Unicode names of the syllables: JA, CE, UN, YEONG
    assert words.name("자체 운영") == "jace unyeong"
    assert "kafkatco[korean]" in words.note
    assert Words.of("en").note == ""
    draw(words, words.name("자체 운영 클러스터"), words.name("中文"), words.note)


@pytest.mark.skipif(hangul_family() is None, reason="no font with Hangul: kafkatco[korean]")
def test_with_a_font_texts_are_korean() -> None:
    words = Words.of("ko")
    assert words(word("storage")) == "저장소"
    assert words.name("자체 운영") == "자체 운영"
    assert words.note == ""
    draw(words, words(word("storage")), words.name("자체 운영 클러스터"))
    draw(Words.of("en"), Words.of("en").name("자체 운영 클러스터"))


def test_the_font_of_the_extra_is_found_and_its_package_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the extra's package as pip installs it, with another font under its name
    (tmp_path / "koreanize_matplotlib" / "fonts").mkdir(parents=True)
    (tmp_path / "koreanize_matplotlib" / "__init__.py").write_text("raise SystemExit")
    font = Path(font_manager.findfont("DejaVu Sans"))
    target = tmp_path / "koreanize_matplotlib" / "fonts" / "NanumGothic.ttf"
    target.write_bytes(font.read_bytes())
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, "HANGUL", ("not installed", "DejaVu Sans"))
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    hangul_family.cache_clear()
    try:
        assert hangul_family() == "DejaVu Sans"
        assert [entry.fname for entry in font_manager.fontManager.ttflist] == [str(target)]
    finally:
        hangul_family.cache_clear()


def test_a_font_that_was_installed_since_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = tmp_path / "new.ttf"
    font.write_bytes(Path(font_manager.findfont("DejaVu Sans")).read_bytes())
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(module, "HANGUL", ("DejaVu Sans",))
    monkeypatch.setattr(module, "PACKAGE", "none_such")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(broken), str(font)])
    hangul_family.cache_clear()
    try:
        assert hangul_family() == "DejaVu Sans"
    finally:
        hangul_family.cache_clear()


def test_nothing_is_logged_and_no_setting_changed(caplog: pytest.LogCaptureFixture) -> None:
    before = dict(mpl.rcParams)
    with caplog.at_level(logging.WARNING, logger="matplotlib"):
        words = Words.of("ko")
        draw(words, words(word("storage")), words.name("하나 $1$"))
    assert not caplog.records
    assert dict(mpl.rcParams) == before


def test_another_language_is_refused() -> None:
    with pytest.raises(InputError, match=r"language: got 'kr'; expected 'en' or 'ko'"):
        Words.of("kr")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("MSK", "MSK"),
        ("a  b\tc", "a b c"),
        ("$x^2$", r"\$x^2\$"),
        ("_hidden", "_hidden"),
        ("é", "?"),
        ("자 $", r"ja \$"),
    ],
)
def test_names_are_shown_as_they_are(name: str, shown: str) -> None:
    assert LATIN.name(name) == shown


def test_a_text_with_a_name_in_it_is_not_escaped_twice() -> None:
    assert LATIN(f"growth: {LATIN.name('$5 and $6')}") == r"growth: \$5 and \$6"


@example("000…00000", 8)
@given(st.text(max_size=120), st.integers(8, 60))
def test_a_name_is_cut_to_its_width(text: str, most: int) -> None:
    shown = LATIN.name(text, most).replace(r"\$", "$")
    whole = LATIN.name(text, 10_000).replace(r"\$", "$")
    assert width(shown) <= most
    if width(whole) <= most:
        assert shown == whole
    else:
        cuts = [i for i, letter in enumerate(shown) if letter == "…"]  # a name may have its own
        assert any(whole.startswith(shown[:i]) and whole.endswith(shown[i + 1 :]) for i in cuts)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_any_name_can_be_drawn(text: str) -> None:
    words = Words.of("en")
    draw(words, words.name(text) or "-")


def test_a_letter_that_no_font_has_causes_a_warning() -> None:
    # without it the tests above could not fail
    with pytest.warns(UserWarning, match="missing from font"):
        draw(LATIN_FONT, "中")
