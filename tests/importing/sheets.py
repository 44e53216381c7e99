"""Files made for a test: workbooks and texts of a few rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from app.importing.proposal import Proposal
from app.importing.read import read

TODAY = date(2026, 11, 24)
Rows = Sequence[Sequence[Any]]


def workbook(**sheets: Rows) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def of_workbook(book: Workbook, answers: Mapping[str, Any] | None = None, network: str = "") -> Proposal:
    return read([("list.xlsx", saved(book))], today=TODAY, answers=answers, network=network)


def of_text(content: str, answers: Mapping[str, Any] | None = None, network: str = "") -> Proposal:
    return read([("list.csv", content.encode())], today=TODAY, answers=answers, network=network)


def members(proposal: Proposal) -> dict[str, dict[str, list[str]]]:
    """network -> organisation -> names."""
    return {
        network.name: {name: [person.name for person in m.people] for name, m in network.memberships.items()}
        for network in proposal.networks.values()
    }


def codes(proposal: Proposal, *actions: str) -> list[str]:
    return [item.code for item in proposal.items if item.action in actions]
