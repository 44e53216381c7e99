"""`toerbeurt import`."""

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from app.clock import now
from app.commands.progress import Tell, say, shown
from app.edge.web import settings
from app.errors import Refused
from app.extensions import db
from app.importing import actions
from app.importing.cells.person_names import question_id
from app.importing.files.sheet import COMMAND
from app.importing.models import Import
from app.importing.sentences import ACTIONS, ADDED, UNREADABLE
from app.networks.actions import found_programme
from app.networks.models import Programme
from app.networks.queries import network_by_slug

LARGEST = 100 * 1024 * 1024
OPEN_QUESTIONS, UNREADABLE_FILE = 3, 2


class Bad(click.ClickException):
    """One sentence on stderr and exit 2."""

    exit_code = UNREADABLE_FILE


def import_files(
    files: tuple[Path, ...],
    programme: str,
    network: str,
    dry_run: bool,
    answers: Path | None,
    accept_proposals: bool,
    encoding: str | None,
    report: Path | None,
) -> None:
    """Read members, rooms, contacts, absences and past meetings from CSV or XLSX FILES.

    Exit 0: all clear. 3: questions are open, what they are about is not stored. 2: a file cannot be read.
    """
    found = _programme(programme)
    given = _answers(answers) | {question_id("encoding", path.name): encoding for path in files if encoding}
    try:
        row = _kept(found, files, _network_name(found, network), given)
        with shown("Import") as tell:
            result = _stored(row, accept_proposals, tell)
    except Refused as error:
        db.session.rollback()
        raise Bad(str(error)) from error
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    if report is not None:
        report.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say(result)


def _programme(name: str) -> Programme:
    return found_programme(name, language=settings().language, now=now())


def _kept(programme: Programme, files: tuple[Path, ...], network: str, answers: dict[str, Any]) -> Import:
    row = actions.kept(programme, [_file(path) for path in files], now(), only_network=network)
    actions.answer(row, answers, now())
    return row


def _stored(row: Import, accept_proposals: bool, tell: Tell) -> dict[str, Any]:
    if accept_proposals:
        actions.accept_proposals(row, row.at, limits=COMMAND)
    return actions.complete(row, row.at, limits=COMMAND, progress=tell)


def _network_name(programme: Programme, given: str) -> str:
    found = network_by_slug(given) if given else None
    return found.name if found and found.programme_id == programme.id else given


def _file(path: Path) -> actions.File:
    if path.stat().st_size > LARGEST:
        raise Bad(str(UNREADABLE["too_large"] % {"file": path.name}))
    return path.name, path.read_bytes()


def _answers(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Bad(f"{path.name} is not JSON: {error}.") from error
    if not isinstance(given, dict):
        raise Bad(f"{path.name} must be an object of the form {{question: value}}.")
    return given


def _say(report: dict[str, Any]) -> NoReturn:
    added = ", ".join(ADDED[name](count) for name, count in report["added"].items())
    say(f"Added: {added}.")
    for action, sentence in ACTIONS.items():
        count = sum(item["action"] == action for item in report["items"])
        if count:
            click.echo(f"{count:5} {sentence}")
    for item in report["items"]:
        if item["action"] in ("asked", "refused"):
            where = " ".join(str(part) for part in (item["file"], item["sheet"], item["row"], item["field"]) if part)
            say(f"  {item['question'] or item['code']}: {where}: {item['found']!r} {item['about']}".rstrip(), hang=4)
    raise click.exceptions.Exit(OPEN_QUESTIONS if report["open"] else 0)
