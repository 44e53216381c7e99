"""What imports keep about a person, and how it goes when the person does."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.importing.models import Import, ImportFile
from app.people.models import Person
from app.text import whole

FORGOTTEN = timedelta(days=7)


def personal_data(person: Person) -> list[dict[str, Any]]:
    """The imports a person made."""
    query = select(Import).where(Import.by_id == person.id).order_by(Import.id)
    return [{"at": row.at.isoformat(), "files": row.names, "state": row.state} for row in db.session.scalars(query)]


def forget(person: Person, programmes: Collection[int]) -> None:
    """Reports and answers that quote the person go; so do files that are kept, and the name on an import.

    Only in these programmes. Call it while the row still holds name and address.
    """
    words = [word for word in (person.email, person.name) if word]
    db.session.execute(update(Import).where(Import.by_id == person.id).values(by_id=None))
    for row in db.session.scalars(select(Import).where(Import.programme_id.in_(programmes))):
        if row.state == "preview":
            db.session.delete(row)
            continue
        if _quotes(row.report, words):
            row.report = None
        for file in row.files:
            file.content = None
        row.created = _without(row.created, person)
        row.answers = {question: value for question, value in row.answers.items() if not _quotes(value, words)}


def let_old_go(now: datetime) -> None:
    """Once a day: files whose questions nobody answered for a week, and previews as old."""
    old = select(Import.id).where(Import.at < now - FORGOTTEN)
    done, previews = (old.where(Import.state == state).scalar_subquery() for state in ("done", "preview"))
    db.session.execute(update(ImportFile).where(ImportFile.import_id.in_(done)).values(content=None))
    db.session.execute(delete(ImportFile).where(ImportFile.import_id.in_(previews)))
    db.session.execute(delete(Import).where(Import.id.in_(previews)))


def _without(created: dict[str, Any], person: Person) -> dict[str, Any]:
    """What an undo would put back of the person: their former names and seats."""
    kept = [
        each
        for each in created.get("changed", ())
        if (each["table"], each.get("id")) != ("person", person.id)
        and each.get("removed", {}).get("person_id") != person.id
    ]
    return {**created, "changed": kept} if "changed" in created else created


def _quotes(value: object, words: list[str]) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return any(whole(word).search(text) for word in words)
