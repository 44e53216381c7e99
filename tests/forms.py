"""The forms of a page, as somebody fills them in who changes everything."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

CHANGED = {"email": "changed@example.org", "time": "10:15", "url": "https://example.org/changed", "tel": "030 1"}


@dataclass
class Form:
    """`same`: what is posted when nothing is touched. `other`: when every field gets another value that is allowed."""

    action: str
    same: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    pressed: bool = False

    def take(self, name: str, same: str | None, other: str | None) -> None:
        for values, value in ((self.same, same), (self.other, other)):
            if value is not None:
                values[name] = value


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.list: tuple[str, list[tuple[str, bool]]] | None = None
        self.text: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
        elif tag == "option" and self.list:
            self.list[1].append((given.get("value", ""), "selected" in given))
        elif self.form is not None and "name" in given and "disabled" not in given:
            self._field(self.form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given["name"], given.get("value", "")
        if tag == "select":
            self.list = (name, [])
        elif tag == "textarea":
            self.text = (name, "")
        elif tag == "button" and not form.pressed:
            form.pressed = True
            form.take(name, value, value)
        elif tag == "input":
            form.take(name, *_typed(given.get("type", "text"), value, "checked" in given))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text = (self.text[0], self.text[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            self.forms.append(self.form)
            self.form = None
        elif tag == "textarea" and self.text and self.form is not None:
            self.form.take(self.text[0], self.text[1].strip(), f"{self.text[1].strip()} changed".strip())
            self.text = None
        elif tag == "select" and self.list and self.form is not None:
            name, options = self.list
            chosen = next((value for value, selected in options if selected), options[0][0] if options else "")
            self.form.take(name, chosen, next((value for value, _ in options[::-1] if value != chosen), chosen))
            self.list = None


def _typed(kind: str, value: str, checked: bool) -> tuple[str | None, str | None]:
    """What an input posts, untouched and changed."""
    if kind == "checkbox":
        return (value or "y", None) if checked else (None, value or "y")
    if kind == "radio":
        return (value if checked else None), (None if checked else value)
    if kind == "file":
        return None, None
    if kind in ("hidden", "submit"):
        return value, value
    if kind == "number":
        return value, str(int(value or 0) + 1)
    if kind == "date":
        return value, str((date.fromisoformat(value) if value else date(2027, 5, 4)) + timedelta(days=1))
    return value, CHANGED.get(kind, f"{value} changed".strip())


def forms_of(page: str) -> list[Form]:
    """Every form of a page that posts."""
    reading = _Reading()
    reading.feed(page)
    return reading.forms
