"""Planning all networks of a programme, as a job."""

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.jobs.long_work import KINDS, Kind, Store, Tell
from app.jobs.models import Job
from app.networks.models import Programme
from app.networks.network_year import shared_name
from app.planning import drafts, whole_programme

PLAN_ALL = "plan-all"


def _work(job: Job, tell: Tell) -> Iterator[Store]:
    programme = db.session.get_one(Programme, job.programme_id)
    return whole_programme.plan_networks(programme, job.params["year"], job.params["again"], tell)


def _title(job: Job) -> str:
    networks = db.session.get_one(Programme, job.programme_id).networks
    return _("All networks of %(year)s", year=shared_name(job.params["year"], [n.year_begins for n in networks]))


def _step(job: Job) -> str:
    counted = {"done": job.done // whole_programme.PARTS, "total": job.total // whole_programme.PARTS}
    return {
        "networks": _("%(done)s of %(total)s networks are planned.", **counted),
        "alone": _("Networks that share people: first each by itself."),
        "together": _("Networks that share people: now as one whole, and better and better."),
    }.get(job.step, _("It has begun."))


def _said(job: Job) -> Sequence[str]:
    """How many got a year, how many cannot have one, and which were left alone."""
    counts = {key: len(slugs) for key, slugs in job.outcome.items()}
    planned = sum(counts.get(status, 0) for status in drafts.PLANNED)
    without = sum(counts.values()) - planned - counts.get("left", 0)
    out = [ngettext("One network has a proposal.", "%(num)s networks have a proposal.", planned)]
    if without:
        out.append(
            ngettext(
                "For one network the year is not possible as asked; its page says what would help.",
                "For %(num)s networks the year is not possible as asked; their pages say what would help.",
                without,
            )
        )
    if counts.get("left"):
        out.append(_("Left alone, because somebody changed them meanwhile: %(names)s.", names=_names(job)))
    return out


def _names(job: Job) -> str:
    left = job.outcome["left"]
    return ", ".join(network.name for network in job.programme.networks if network.slug in left)


def _result(job: Job) -> str:
    return url_for("publishing.programme_year", programme=job.programme.slug, year=job.params["year"])


KINDS[PLAN_ALL] = Kind(_work, _title, _step, _said, _result)
