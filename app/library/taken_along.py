"""The library to take along: a table, and bookmarks as every browser reads them."""

import csv
from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO

from flask_babel import gettext as _

from app.library.models import Link
from app.text import uncalculated


def table(themes: Mapping[str, Sequence[Link]]) -> bytes:
    """Theme, title and address, with the mark by which Excel knows UTF-8."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([_("Theme"), _("Title"), _("Address")])
    for theme, links in themes.items():
        writer.writerows(uncalculated([theme, link.title, link.url]) for link in links)
    return stream.getvalue().encode("utf-8-sig")


def bookmarks(themes: Mapping[str, Sequence[Link]], name: str) -> bytes:
    """The Netscape bookmark file: a folder for the network, one in it for each theme."""
    lines = [
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>",
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">',
        f"<TITLE>{escape(name)}</TITLE>",
        f"<H1>{escape(name)}</H1>",
        "<DL><p>",
        f"<DT><H3>{escape(name)}</H3>",
        "<DL><p>",
    ]
    for theme, links in themes.items():
        lines += [f"<DT><H3>{escape(theme)}</H3>", "<DL><p>"] if theme else []
        lines += [_bookmark(link) for link in links]
        lines += ["</DL><p>"] if theme else []
    return "\n".join([*lines, "</DL><p>", "</DL><p>", ""]).encode()


def _bookmark(link: Link) -> str:
    added = int(link.added_at.timestamp())
    return f'<DT><A HREF="{escape(link.url)}" ADD_DATE="{added}">{escape(link.title or link.url)}</A>'
