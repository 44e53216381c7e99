"""The habits of the house that no other tool watches."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import inspect

import app.application
from app.extensions import Base

ROOT = Path(app.__file__).parents[1]
CODE = [
    path for room in ("app", "scheduling") for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
]
TEMPLATES = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
BROAD = {"Exception", "BaseException"}
# Every area may have these, and pages of their own beside `views`. The last two mean the same on both sides.
EVERYWHERE = {"__init__", "models", "queries", "letters", "actions", "forms", "views", "personal", "commands", "page"}
EVERYWHERE |= {"sentences", "links", "instance", "values"}


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0] if ast.get_docstring(node) is not None else None
            length = (node.end_lineno or 0) - node.lineno + 1
            yield node.name, length - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_function_is_longer_than_45_lines() -> None:
    long = [(name_of(p), n, size) for p in CODE for n, size in functions(ast.parse(p.read_text())) if size > 45]

    assert long == []


def test_no_file_is_longer_than_400_lines() -> None:
    assert [name_of(path) for path in CODE if path.read_text().count("\n") > 400] == []


def test_a_room_holds_at_most_fourteen_files() -> None:
    rooms = Counter(name_of(path.parent) for path in CODE if path.name != "__init__.py")

    assert {room: files for room, files in rooms.items() if files > 14} == {}


def test_the_name_of_a_file_says_one_thing_in_the_whole_house() -> None:
    names = Counter(path.stem for path in CODE if path.stem not in EVERYWHERE and not path.stem.endswith("_views"))

    assert {name for name, files in names.items() if files > 1} == set()


def test_no_template_is_longer_than_140_lines() -> None:
    assert [name_of(path) for path in TEMPLATES if path.read_text().count("\n") > 140] == []


def test_no_line_of_a_template_is_longer_than_160_letters() -> None:
    assert [name_of(path) for path in TEMPLATES if max(map(len, path.read_text().splitlines()), default=0) > 160] == []


def test_imports_stand_at_the_top() -> None:
    inline = [
        f"{name_of(path)}:{node.lineno}"
        for path in CODE
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inline == []


def test_only_the_loop_of_the_worker_catches_everything() -> None:
    broad = {
        name_of(path)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") in BROAD)
    }

    assert broad <= {"app/worker.py"}


def test_every_public_function_of_the_planner_and_every_action_says_what_it_does() -> None:
    public = [path for path in CODE if path.name.endswith("actions.py") or path.is_relative_to(ROOT / "scheduling")]
    silent = [
        f"{name_of(path)}: {node.name}"
        for path in public
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
    ]

    assert len(public) > 40
    assert silent == []


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")

    assert {name_of(path) for path in CODE if asking.search(path.read_text())} <= {"app/clock.py"}


def test_only_config_reads_the_environment() -> None:
    readers = {name_of(path) for path in CODE if re.search(r"os\.environ|getenv", path.read_text())}

    assert readers <= {"app/config.py", "app/cli.py"}  # the command sets what its children read


def test_actions_never_commit() -> None:
    committing = [
        p for p in CODE if p.name in ("actions.py", "publishing.py", "queries.py") and "commit()" in p.read_text()
    ]

    assert [name_of(path) for path in committing] == []


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    pages = [path for path in TEMPLATES if "mail" not in path.parts]

    assert [name_of(path) for path in pages if inline.search(path.read_text())] == []


def test_no_paragraph_holds_a_form_or_a_list() -> None:
    """A browser ends the paragraph there, and what was to stand side by side stands below."""
    paragraph = re.compile(r"<p(?:\s[^>]*)?>((?:(?!</p>).)*?)</p>", re.DOTALL)
    block = re.compile(r"(?<!\w)button\(|<(form|ul|ol|div|table|fieldset|p)[\s>]")
    letters = ROOT / "templates" / "mail"  # its button is a table, between paragraphs
    pages = [path for path in TEMPLATES if letters not in path.parents]

    assert [
        name_of(path) for path in pages if any(block.search(each) for each in paragraph.findall(path.read_text()))
    ] == []


def test_the_stylesheet_stays_small() -> None:
    assert (ROOT / "app/static/toerbeurt.css").stat().st_size <= 14_000


def test_nothing_in_the_wheel_is_fetched_from_elsewhere() -> None:
    foreign = re.compile(r"(?:src|href)=\"https?://")

    assert [name_of(path) for path in TEMPLATES if foreign.search(path.read_text())] == []


def test_the_planner_is_imported_without_the_application() -> None:
    code = "import sys, json, scheduling.planner; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout)

    assert {"flask", "sqlalchemy", "holidays", "icalendar", "app"} & set(modules) == set()


def test_every_foreign_key_to_a_person_is_known_to_erasure_and_merging() -> None:
    person = Base.metadata.tables["person"]
    tables = {
        t.name
        for t in Base.metadata.sorted_tables
        for c in t.columns
        for key in c.foreign_keys
        if key.column.table is person
    }

    assert all(inspect(mapper.class_) for mapper in Base.registry.mappers)
    assert tables == KNOWN_TO_NAME_A_PERSON


KNOWN_TO_NAME_A_PERSON = {
    "deputy",
    "address_change",
    "agreement",
    "attendance",
    "audit",
    "browser_session",
    "contact",
    "date_answer",
    "date_remark",
    "duty",
    "duty_tick",
    "erasure",
    "feed_link",
    "import",
    "link",
    "message",
    "present",
    "published_version",
    "pulse_answer",
    "reply",
    "result",
    "role",
    "sign_in_link",
    "stay",
    "topic",
    "topic_wish",
    "turn_wish",
    "swap",
    "swap_offer",
}


@pytest.mark.parametrize("language", ["nl", "de"])
def test_every_text_is_translated(language: str) -> None:
    with (ROOT / "app/translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    missing = [m.id for m in catalogue if m.id and (m.fuzzy or not all(m.string if m.pluralizable else [m.string]))]

    assert missing == []


@pytest.mark.parametrize("language", ["nl", "de"])
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    placeholder = re.compile(r"%\((\w+)\)s")
    with (ROOT / "app/translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    wrong = []
    for message in catalogue:
        wanted = set(placeholder.findall(message.id[-1] if message.pluralizable else message.id))
        said = message.string[-1] if message.pluralizable else message.string
        if message.id and set(placeholder.findall(said)) != wanted:
            wrong.append(message.id)

    assert wrong == []


def test_the_catalogues_hold_every_text_of_the_code(tmp_path: Path) -> None:
    pot = tmp_path / "messages.pot"
    keywords = [flag for word in ("lazy_gettext", "_l") for flag in ("-k", word)]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", *keywords]
    subprocess.run([*command, "-o", pot, "."], cwd=ROOT, check=True, capture_output=True)
    with pot.open("rb") as found, (ROOT / "app/translations/nl/LC_MESSAGES/messages.po").open("rb") as kept:
        texts, catalogue = read_po(found), read_po(kept)

    assert {m.id for m in texts} == {m.id for m in catalogue}


FORMS_OF_ADDRESS = {
    "de": ("de@informal", re.compile(r"\b(Sie|Ihnen|Ihr|Ihre[mnrs]?)\b")),
    "nl": ("nl@formal", re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.I)),
}
# "Sie", but "they", "it" or "its".
NOBODY_ADDRESSED = {
    "This page looks again by itself. It can be closed: the work goes on.",
    "It arrived",
    "je, du",
    "u, Sie",
    "as usual: je in Dutch, Sie in German",
    "Noted: it arrived.",
    "They arrived",
    "They open my page for sixty days without signing in; the page of who manages networks, for fourteen.",
    "They take part in nothing any more. Whoever takes part again leaves this list by itself.",
}


def sentences_of(*path: str) -> dict[str, str]:
    """{English: all forms of the translation} of a catalogue."""
    with (ROOT / "app/translations").joinpath(*path, "LC_MESSAGES/messages.po").open("rb") as file:
        return {
            m.id if isinstance(m.id, str) else m.id[0]: m.string if isinstance(m.string, str) else " ".join(m.string)
            for m in read_po(file)
            if m.id
        }


@pytest.mark.parametrize("language", sorted(FORMS_OF_ADDRESS))
def test_every_sentence_that_addresses_somebody_has_both_forms(language: str) -> None:
    variant, addressing = FORMS_OF_ADDRESS[language]
    usual, other = sentences_of(language), sentences_of("variants", variant)

    missing = [e for e, said in usual.items() if addressing.search(said) and e not in {*other, *NOBODY_ADDRESSED}]

    assert missing == []
    assert [english for english, said in other.items() if said == usual.get(english)] == []
    assert set(other) <= set(usual)


@pytest.mark.parametrize("language", sorted(FORMS_OF_ADDRESS))
def test_placeholders_of_both_forms_of_address_are_the_same(language: str) -> None:
    usual, other = sentences_of(language), sentences_of("variants", FORMS_OF_ADDRESS[language][0])
    placeholder = re.compile(r"%\(\w+\)s")

    assert [
        e for e, said in other.items() if set(placeholder.findall(said)) != set(placeholder.findall(usual[e]))
    ] == []


LAYERS = ("models", "queries", "letters", "actions", "forms", "views")


def layer_of(name: str) -> int | None:
    """Which layer a file belongs to, by its name: `backup_views` stands where `views` does."""
    last = name.rpartition("_")[2]
    for number, layer in enumerate(LAYERS):
        if last in (layer, layer.removesuffix("s")):
            return number
    return None


def imported_from(path: Path) -> Iterator[str]:
    """The files of its own area that a file imports."""
    area = ".".join(path.relative_to(ROOT).parts[:2])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == area:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{area}."):
            yield str(node.module).rpartition(".")[2]


def test_inside_an_area_no_file_imports_from_a_layer_above_its_own() -> None:
    inside = [path for path in CODE if path.is_relative_to(ROOT / "app") and path.parent != ROOT / "app"]
    upward = [
        f"{name_of(path)} -> {other}"
        for path in inside
        if (own := layer_of(path.stem)) is not None
        for other in imported_from(path)
        if (above := layer_of(other)) is not None and above > own
    ]

    assert upward == []


def test_a_layer_is_known_by_the_end_of_a_name() -> None:
    assert [layer_of(name) for name in ("models", "backup_views", "hand_back_letter", "checklists")] == [0, 5, 2, None]
