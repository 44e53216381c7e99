"""Text as people paste it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import clean, one_line, slugify


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
