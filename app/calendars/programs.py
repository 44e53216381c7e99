"""Which program fetched a calendar, as people know it. Of what programs say of themselves nothing else is kept."""

# Part of a User-Agent -> name; the first that fits. Programs name each other, so the particular stand first.
PROGRAMS = (
    ("google-calendar", "Google"),
    ("google", "Google"),
    ("microsoft office", "Outlook"),
    ("outlook", "Outlook"),
    ("microsoft", "Outlook"),
    ("exchange", "Outlook"),
    ("owa", "Outlook"),
    ("ios/", "iPhone"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("macos", "Mac"),
    ("mac os x", "Mac"),
    ("dataaccessd", "iPhone"),
    ("calendaragent", "Mac"),
    ("thunderbird", "Thunderbird"),
    ("lightning", "Thunderbird"),
    ("evolution", "Evolution"),
    ("davx5", "DAVx⁵"),
    ("icsx5", "ICSx⁵"),
    ("nextcloud", "Nextcloud"),
    ("akonadi", "KOrganizer"),
    ("korganizer", "KOrganizer"),
    ("yahoo", "Yahoo"),
    ("fastmail", "Fastmail"),
    ("proton", "Proton"),
    ("mozilla/", ""),
)


def program(agent: str) -> str:
    """The name of the program that sent this User-Agent; empty for what nobody would know."""
    lower = agent.lower()
    return next((name for part, name in PROGRAMS if part in lower), "")
