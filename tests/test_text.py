"""Text as people paste it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import by_name, clean, one_line, slugify


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("e\u0301", "é"),
        ("a\x00b\x07c", "abc"),
        ("left\u202eright", "leftright"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufeff name ", "name"),
    ],
)
def test_text_is_composed_and_without_control_characters(pasted: str, kept: str) -> None:
    assert clean(pasted) == kept


def test_one_line_has_single_spaces() -> None:
    assert one_line(" Jan\n de \t Vries ") == "Jan de Vries"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("name", "slug"), [("Één & twee", "een-twee"), ("Größe", "grosse"), ("Łódź", "lodz"), ("!!", "x")]
)
def test_a_slug_holds_letters_figures_and_hyphens(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_names_are_sorted_as_people_look_for_them() -> None:
    """Small words of Dutch and German names behind them, accents beside their letter, capitals as any letter."""
    names = [
        "zon",
        "Ziekenhuis",
        "van der Veen",
        "de Vries",
        "Vos",
        "Çelik",
        "Coenen",
        "Łukasz",
        "Öz",
        "von Berg",
        "’t Hart",
    ]
    assert sorted(names, key=by_name) == [
        "von Berg", "Çelik", "Coenen", "’t Hart", "Łukasz", "Öz", "van der Veen", "Vos", "de Vries", "Ziekenhuis", "zon"
    ]  # fmt: skip


def test_a_capital_belongs_to_the_name() -> None:
    assert sorted(["Linde", "De Berk", "Eik", "de Zon"], key=by_name) == ["De Berk", "Eik", "Linde", "de Zon"]


@given(st.text())
def test_every_text_can_be_sorted_by(text: str) -> None:
    assert by_name(text)[1] == text
