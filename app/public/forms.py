"""What managers, organisations and site admins write for strangers."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField, URLField
from wtforms.validators import Length, Optional, Regexp

from app.edge.versions import Versioned
from app.networks.forms import text
from app.text import clean, one_line


def _paragraphs(label: object, limit: int) -> TextAreaField:
    return TextAreaField(label, filters=[clean], validators=[Optional(), Length(max=limit)], render_kw={"rows": 5})


class ProgrammePageForm(Versioned):
    public = BooleanField(_l("Strangers may read this page, and those of the networks that have one"))
    open_to_start = BooleanField(_l("Strangers may ask for a new network"))
    about = _paragraphs(_l("What the programme is about"), 4000)


class NetworkPageForm(Versioned):
    public = BooleanField(_l("Strangers may read this page, as long as the programme has one"))
    open_to_join = BooleanField(_l("Strangers may ask to join"))
    for_whom = _paragraphs(_l("For whom it is"), 2000)
    rhythm = text(_l("How often and how you meet, in a line"), 200)
    guests_get_notes = BooleanField(_l("Guests of a meeting get what came out of it by mail"))


class ListingForm(Versioned):
    listed = BooleanField(_l("Our organisation stands in the public directory of the programme"))
    offers = text(_l("What we offer others, in a line"), 300)
    website = URLField(
        _l("Our website"),
        filters=[one_line],
        validators=[Optional(), Length(max=300), Regexp(r"^https?://\S+$", message=_l("A link begins with https://."))],
    )


class LegalForm(Versioned):
    imprint = _paragraphs(_l("Imprint: who runs this site"), 8000)
    privacy = _paragraphs(_l("Privacy: what is kept of whom, and why"), 20000)
    accessibility = _paragraphs(_l("Accessibility statement"), 8000)
