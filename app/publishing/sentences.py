"""What a publication changes, as sentences."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from app.meetings import phrases
from app.meetings.row import Change, Row


def change(found: Change, known: Mapping[int, str]) -> list[str]:
    """What a publication changes of one meeting, for the manager's comparison."""
    old, new = found.old, found.new
    if old is None:
        return [_new(new, known)]
    if new.cancelled and not old.cancelled:
        return [_("is cancelled")]
    return list(_differences(found, old, known))


def _new(row: Row, known: Mapping[int, str]) -> str:
    preparers = phrases.named(row.preparers, known)
    if row.mode == "online":
        return _("new: online, prepared by %(preparers)s", preparers=preparers)
    host = phrases.named(row.host, known)
    return _("new: at %(host)s, prepared by %(preparers)s", host=host, preparers=preparers)


def _hosted(new: str, old: str) -> str:
    if not new:
        return _("%(old)s does not host any more", old=old)
    return _("host %(new)s instead of %(old)s", new=new, old=old) if old else _("%(new)s hosts", new=new)


def _differences(found: Change, old: Row, known: Mapping[int, str]) -> Iterator[str]:
    new, differs = found.new, set(found.fields)
    if old.cancelled and not new.cancelled:
        yield _("takes place after all")
    if "date" in differs and new.date:
        yield _("moves to %(new)s", new=phrases.dated(new.date))
    if differs & {"start", "minutes"}:
        yield _(
            "starts at %(new)s instead of %(old)s, %(minutes)s minutes",
            new=f"{new.start:%H:%M}",
            old=f"{old.start:%H:%M}",
            minutes=new.minutes,
        )
    if "mode" in differs:
        yield _("is %(new)s instead of %(old)s", new=phrases.mode(new.mode), old=phrases.mode(old.mode))
    if "host" in differs:
        yield _hosted(
            phrases.named(new.host, known) if new.host else "", phrases.named(old.host, known) if old.host else ""
        )
    if "preparers" in differs:
        was, now = phrases.named(old.preparers, known), phrases.named(new.preparers, known)
        yield _("prepared by %(new)s instead of %(old)s", new=now, old=was)
    if differs & {"place", "link", "room_id"} and "host" not in differs:
        yield _("other place or link")
