"""Exports of address books and web forms: read with at most one button."""

import pytest

from app.importing.files.sheet import Unreadable
from app.importing.proposal import Proposal
from app.importing.read import read
from tests.importing import sheets

ANN, BOB = ("Ann Bakker", "ann@alfa.example"), ("Bob van der Cools", "bob@beta.example")
GOOGLE = (
    "First Name,Middle Name,Last Name,Organization Name,Organization Title,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value,Labels\n"
    "Ann,,Bakker,Stichting Alfa,Adviseur,* Work,ann@alfa.example,Work,038-1234567,* myContacts\n"
    "Bob,van der,Cools,Beta Wonen,,* Work,bob@beta.example,Work,0570 123456,* myContacts\n"
)
OUTLOOK = {
    "nl": "Titel,Voornaam,Middelste naam,Achternaam,Bedrijf,Functie,Werkadres plaats,Telefoon op werk,E-mailadres",
    "de": "Anrede,Vorname,Weitere Vornamen,Nachname,Firma,Position,Ort geschäftlich,Telefon,E-Mail-Adresse",
    "en": "Title,First Name,Middle Name,Last Name,Company,Job Title,Business City,Business Phone,E-mail Address",
}
ROWS = (
    ",Ann,,Bakker,Stichting Alfa,Adviseur,Zwolle,038-1234567,ann@alfa.example\n"
    ",Bob,van der,Cools,Beta Wonen,,Deventer,0570 123456,bob@beta.example\n"
)
FORMS = {
    "nl": "Begintijd;Naam;E-mail;Hoe heet je organisatie?;In welke plaats?;Kunnen jullie ontvangen?",
    "de": "Startzeit;Name;E-Mail;Wie heißt Ihre Einrichtung?;In welchem Ort?;Können Sie Gastgeber sein?",
    "en": "Start time;Name;Email;What is the name of your organisation?;In which town?;Can you host?",
}
YES = {"nl": "Ja", "de": "Ja", "en": "Yes"}
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Bakker\r\nN:Bakker;Ann;;;\r\nORG:Stichting Alfa;Beleid\r\n"
    "EMAIL;TYPE=HOME:ann@thuis.example\r\nEMAIL;TYPE=WORK:ann@alfa.exa\r\n mple\r\nTEL;TYPE=CELL:06 12345678\r\n"
    "END:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Cools;Bob;van der;;\r\n"
    "ORG:Beta\\, Wonen\r\n"
    "item1.EMAIL:bob@beta.example\r\nADR;WORK:;;Markt 2;Deventer;;7400 AA;NL\r\nNOTE:belt graag\r\nEND:VCARD\r\n"
)


def in_network(content: str, name: str = "contacts.csv") -> Proposal:
    return read([(name, content.encode())], today=sheets.TODAY, network="Zorg Noord")


def people(proposal: Proposal) -> list[tuple[str, str | None]]:
    return [(person.name, person.email) for person in proposal.people]


@pytest.mark.parametrize("content", [GOOGLE, *(f"{headings}\n{ROWS}" for headings in OUTLOOK.values())])
def test_an_address_book_is_read_without_a_question_and_keeps_van_der(content: str) -> None:
    proposal = in_network(content)
    assert [question.code for question in proposal.questions] in ([], ["column_likely"])
    assert people(proposal) == [ANN, BOB]
    assert list(proposal.organisations) == ["Stichting Alfa", "Beta Wonen"]


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_questions_of_a_web_form_are_headings(language: str) -> None:
    row = f"11-2-26 9:14;Ann Bakker;ann@alfa.example;Stichting Alfa;Zwolle;{YES[language]}"
    proposal = in_network(f"{FORMS[language]}\n{row}\n")
    assert proposal.questions == []
    assert people(proposal) == [ANN]
    assert [(m.organisation.name, m.organisation.town, m.hosts) for m in proposal.memberships] == [
        ("Stichting Alfa", "Zwolle", True)
    ]


def test_a_form_of_which_nobody_said_who_they_are_has_no_people_called_anonymous() -> None:
    headings = "Begintijd;E-mail;Naam;Hoe heet je organisatie?"
    rows = "".join(f"1-2-2026;anonymous;anonymous;Huis {n}\n" for n in range(4))
    assert people(in_network(f"{headings}\n{rows}")) == []


def test_a_vcard_is_read_as_contacts() -> None:
    proposal = in_network(CARDS, "contacts.vcf")
    assert proposal.questions == []
    assert people(proposal) == [ANN, BOB]
    assert [(p.phone, m.organisation.name, m.organisation.town) for m in proposal.memberships for p in m.people] == [
        ("06 12345678", "Stichting Alfa", ""),
        ("", "Beta, Wonen", "Deventer"),
    ]


def test_what_a_vcard_says_beside_is_told_or_named() -> None:
    proposal = in_network(CARDS, "contacts.vcf")
    assert [item.found for item in proposal.items if item.code == "second_value"] == ["ann@thuis.example"]
    assert "not_kept_remark" in sheets.codes(proposal, "dropped")


def test_a_contact_without_an_organisation_may_stand_for_themselves() -> None:
    card = "BEGIN:VCARD\nFN:Ann Bakker\nEMAIL:ann@alfa.example\nEND:VCARD\n"
    [question] = in_network(card, "contacts.vcf").questions
    assert question.code == "people_alone"


def test_a_file_of_contacts_that_never_end_is_read_or_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        in_network("BEGIN:VCARD\n" * 100_000, "contacts.vcf")
    assert refused.value.code == "too_large"
