"""Lists nobody here has seen before: other languages, other orders, other habits."""

from datetime import date, datetime

import pytest
from openpyxl.styles import Font, PatternFill

from app.importing.files.opening import open_file
from app.importing.tables.headings import find
from tests.importing import sheets


def test_a_german_list_with_columns_in_another_order() -> None:
    proposal = sheets.of_text(
        "Nachname;Vorname;E-Mail-Adresse;Netzwerk;Einrichtung;Ort;Raum;Plätze;Gastgeber;Anrede\n"
        "Müller;Jörg;j.mueller@haus.example;Qualität Süd;Haus Sonne;Ulm;Saal 1;25;ja;Herr\n"
        "Groß;Änne;a.gross@haus.example;Qualität Süd;Haus Sonne;Ulm;Saal 1;25;ja;Frau\n"
    )
    assert sheets.members(proposal) == {"Qualität Süd": {"Haus Sonne": ["Jörg Müller", "Änne Groß"]}}
    assert [(room.name, room.seats) for room in proposal.rooms] == [("Saal 1", 25)]
    assert sheets.codes(proposal, "dropped") == ["not_kept_salutation"] * 2


def test_an_english_list_with_one_sheet_per_network() -> None:
    head = ("Organisation", "Contact person", "E-mail")
    book = sheets.workbook(
        Nurses_North=[head, ("Alpha", "Ann Archer", "ann@alpha.example")],
        Nurses_South=[head, ("Beta", "Bob Baker", "bob@beta.example")],
    )
    assert sheets.members(sheets.of_workbook(book)) == {
        "Nurses North": {"Alpha": ["Ann Archer"]},
        "Nurses South": {"Beta": ["Bob Baker"]},
    }


def test_a_list_that_names_no_network_asks_for_it_once() -> None:
    content = "Organisatie,Contactpersoon,Mail\nAlfa,Ann Aalders,ann@alfa.example\nBeta,Bob de Boer,bob@beta.example\n"
    [question] = sheets.of_text(content).questions
    assert (question.code, sheets.of_text(content).memberships) == ("network_missing", [])
    answered = sheets.of_text(content, answers={question.question or "": "Kring Oost"})
    assert sheets.members(answered) == {"Kring Oost": {"Alfa": ["Ann Aalders"], "Beta": ["Bob de Boer"]}}


def test_the_network_may_be_given_from_outside() -> None:
    proposal = sheets.of_text("Organisatie,Mail\nAlfa,ann@alfa.example\n", network="Kring Oost")
    assert list(sheets.members(proposal)) == ["Kring Oost"]


def test_people_without_their_organisation_belong_to_the_one_above_and_it_is_told() -> None:
    proposal = sheets.of_text("Organisatie;Naam;Netwerk\nAlfa;Ann Aalders;Kring\n;Bob de Boer;Kring\n")
    assert sheets.members(proposal) == {"Kring": {"Alfa": ["Ann Aalders", "Bob de Boer"]}}
    assert "organisation_from_above" in sheets.codes(proposal, "told")


def test_title_rows_above_the_headings_are_passed_over_and_give_the_year() -> None:
    proposal = sheets.of_text("Ledenlijst 2028;;\n;;\nOrganisatie;Naam;Netwerk\nAlfa;Ann Aalders;Kring\n")
    assert (proposal.year, proposal.memberships[0].joined) == (2028, date(2028, 1, 1))


def test_a_matrix_alone_is_a_list_of_members() -> None:
    proposal = sheets.of_text("Organisatie;Kring Oost;Kring West;Kring Zuid\nAlfa;x;;\nBeta;x;x;\n")
    assert sheets.members(proposal) == {"Kring Oost": {"Alfa": [], "Beta": []}, "Kring West": {"Beta": []}}


def test_a_cross_that_the_list_does_not_know_is_asked() -> None:
    head = ("Organisatie", "Naam", "Netwerk")
    book = sheets.workbook(
        Leden=[head, ("Alfa", "Ann Aalders", "Kring Oost"), ("Beta", "Bob de Boer", "Kring West")],
        Matrix=[("Organisatie", "Kring Oost", "Kring West"), ("Alfa", "x", "x"), ("Beta", None, "x")],
    )
    proposal = sheets.of_workbook(book)
    [question] = proposal.questions
    assert (question.code, len(proposal.memberships)) == ("cross_without_row", 2)
    assert len(sheets.of_workbook(book, answers={question.question or "": "ja"}).memberships) == 3


def test_absences_between_two_columns_of_days() -> None:
    proposal = sheets.of_text("Einrichtung;Von;Bis;Grund\nHaus Sonne;1.3.2027;5.3.2027;Umbau\n")
    assert [(str(a.period), a.reason) for a in proposal.absences] == [("2027-03-01/2027-03-05", "Umbau")]


def test_two_people_behind_one_address_are_two_people() -> None:
    head = "Organisatie;Naam;Mail;Netwerk\n"
    rows = "Alfa;Ann Aalders;info@alfa.example;Kring\nAlfa;Bob de Boer;info@alfa.example;Kring\n"
    proposal = sheets.of_text(head + rows)
    assert [(p.name, p.email) for p in proposal.people] == [("Ann Aalders", "info@alfa.example"), ("Bob de Boer", None)]
    assert [question.code for question in proposal.questions] == ["address_shared"]


def test_one_person_in_two_networks_is_one_person() -> None:
    proposal = sheets.of_text(
        "Organisatie;Naam;Mail;Netwerk\nAlfa;Ann Aalders;a@alfa.example;Oost\nAlfa;Ann Aalders;A@alfa.example;West\n"
    )
    assert (len(proposal.people), len(proposal.memberships)) == (1, 2)


@pytest.mark.parametrize(
    ("other", "asked"), [("Stichting Vlierenburg", True), ("Locatie 12", False), ("’t Wevershuys", False)]
)
def test_organisations_that_may_be_the_same_are_asked(other: str, asked: bool) -> None:
    rows = "".join(f"{name};Kring\n" for name in ("Stichting Vlierenberg", "Locatie 11", "'t Wevershuys", other))
    proposal = sheets.of_text("Organisatie;Netwerk\n" + rows)
    assert ("organisation_alike" in sheets.codes(proposal, "asked")) is asked


def test_history_of_a_network_that_joins_names_with_and() -> None:
    book = sheets.workbook(
        Leden=[
            ("Organisatie", "Naam", "Netwerk"),
            ("Peel en Maas Thuis", "Ann", "Kring"),
            ("Ligne & Linde", "Bob", "Kring"),
        ],
        Historie=[
            ("Netwerk", "Datum", "Gastheer", "Voorbereiding"),
            ("Kring", datetime(2026, 3, 4), "Peel en Maas", "Ligne & Linde en Peel en Maas"),
        ],
    )
    [meeting] = sheets.of_workbook(book).meetings
    assert meeting.host is not None
    assert (meeting.host.name, {o.name for o in meeting.preparers} >= {"Ligne & Linde"}) == ("Peel en Maas Thuis", True)


def test_hidden_columns_are_not_read() -> None:
    book = sheets.workbook(Leden=[("Organisatie", "Naam", "Netwerk", "Telefoon"), ("Alfa", "Ann", "Kring", "06 1234")])
    book.worksheets[0].column_dimensions["D"].hidden = True
    assert sheets.of_workbook(book).people[0].phone == ""


def test_a_row_struck_through_is_asked_and_a_coloured_one_told() -> None:
    rows = [("Organisatie", "Naam", "Netwerk"), *((f"Lid {n}", f"Ann {n}", "Kring") for n in range(12))]
    book = sheets.workbook(Leden=rows)
    for column in "ABC":
        book.worksheets[0][f"{column}3"].font = Font(strike=True)
        book.worksheets[0][f"{column}4"].fill = PatternFill("solid", fgColor="FFFF00")
    proposal = sheets.of_workbook(book)
    assert sheets.codes(proposal, "asked") == ["row_struck_through"]
    assert "row_coloured" in sheets.codes(proposal, "told")
    assert len(proposal.memberships) == 11


@pytest.mark.parametrize("sign", [" / ", "; ", " en ", " und ", "\n"])
def test_two_people_in_one_cell_are_taken_apart_and_told(sign: str) -> None:
    names = f"Ann Aalders{sign}Bob de Boer"
    content = f'Organisatie,Contactpersoon,Mail,Netwerk\nAlfa,"{names}","a@alfa.example, b@alfa.example",Kring\n'
    proposal = sheets.of_text(content)
    assert [(p.name, p.email) for p in proposal.people] == [
        ("Ann Aalders", "a@alfa.example"),
        ("Bob de Boer", "b@alfa.example"),
    ]
    assert ("two_people" in sheets.codes(proposal, "told"), proposal.questions) == (True, [])


def test_of_two_people_with_one_address_the_second_is_asked_for_theirs() -> None:
    content = "Organisatie;Contactpersoon;Mail;Netwerk\nAlfa;Ann Aalders / Bob de Boer;a@alfa.example;Kring\n"
    proposal = sheets.of_text(content)
    assert [(p.name, p.email) for p in proposal.people] == [("Ann Aalders", "a@alfa.example"), ("Bob de Boer", None)]
    assert sheets.codes(proposal, "asked") == ["address_missing"]


def test_above_means_the_cell_above() -> None:
    content = "Organisatie;Contactpersoon;Netwerk\nAlfa;Ann Aalders;Kring\nzie boven;Bob de Boer;idem\n"
    proposal = sheets.of_text(content)
    assert sheets.members(proposal) == {"Kring": {"Alfa": ["Ann Aalders", "Bob de Boer"]}}
    assert sheets.codes(proposal, "told").count("as_above") == 2


def test_a_formula_without_a_result_is_told_and_nothing_is_made_up() -> None:
    book = sheets.workbook(
        Leden=[("Organisatie", "Naam", "Netwerk", "Cap.", "Zaal"), ("Alfa", "Ann", "Kring", "=6*4", "A")]
    )
    proposal = sheets.of_workbook(book)
    assert ("formula_without_value" in sheets.codes(proposal, "told"), proposal.rooms[0].seats) == (True, None)


def test_a_date_poll_is_passed_over() -> None:
    files = open_file("poll.csv", b"Naam;do 11-2-2027 13:30;do 18-2-2027 13:30\nAnn;ja;nee\n")
    assert find(files.sheets[0]).kind == ""


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    book = sheets.workbook(
        Historie=[("Netwerk", "Datum", "Gastheer", "Thema"), ("Kring", datetime(2026, 3, 4), "", "Onboarding")]
    )
    book.epoch = datetime(1904, 1, 1)
    assert [meeting.day for meeting in sheets.of_workbook(book).meetings] == [date(2026, 3, 4)]


def test_school_holidays_of_a_named_region_are_proposed_and_asked() -> None:
    content = "Organisatie;Wanneer niet\nAlfa;schoolvakanties Noord\n"
    [question] = sheets.of_text(content).questions
    assert "2027-07-10/2027-08-22" in question.proposal
    proposal = sheets.of_text(content, answers={question.question or "": question.proposal})
    assert (len(sheets.of_text(content).absences), len(proposal.absences)) == (0, question.proposal.count("/"))


@pytest.mark.parametrize("written", ["schoolvakanties", "kerstvakantie Noord of Zuid", "Ferien"])
def test_school_holidays_of_no_one_region_have_no_proposal(written: str) -> None:
    [question] = sheets.of_text(f"Organisatie;Wanneer niet\nAlfa;{written}\n").questions
    assert question.proposal == ""


def test_meetings_still_to_come_in_the_plan_year_are_not_history() -> None:
    content = "Netwerk;Datum;Gastheer;Thema\nKring;4-3-2026;;Onboarding\nKring;4-3-2027;;Plannen\n"
    proposal = sheets.of_text(content)
    assert [meeting.topic for meeting in proposal.meetings] == ["Onboarding"]
    assert "meeting_ahead" in sheets.codes(proposal, "ignored")


def test_days_are_read_day_first_where_nothing_in_the_column_says_otherwise() -> None:
    proposal = sheets.of_text("Netwerk;Datum;Thema\nKring;3/2/2026;A\nKring;25/2/2026;B\n")
    assert [meeting.day for meeting in proposal.meetings] == [date(2026, 2, 3), date(2026, 2, 25)]


def test_in_a_column_of_both_orders_only_what_could_be_either_day_is_asked() -> None:
    content = "Netwerk;Datum;Thema\nKring;3/2/2026;A\nKring;2/25/2026;B\nKring;28/4/2026;C\nKring;5/5/2026;D\n"
    proposal = sheets.of_text(content)
    assert [meeting.day for meeting in proposal.meetings] == [date(2026, 2, 25), date(2026, 4, 28), date(2026, 5, 5)]
    [question] = proposal.questions
    assert (question.code, question.options) == ("date_order", ("2026-02-03", "2026-03-02"))
    answered = sheets.of_text(content, answers={question.question or "": "2026-03-02"})
    assert answered.meetings[0].day == date(2026, 3, 2)


SHARED = (
    "Organisatie;Naam;Mail;Netwerk\nAlfa;Ann Aalders;info@alfa.example;Kring\nAlfa;Bob Bos;info@alfa.example;Kring\n"
)


@pytest.mark.parametrize("answer", ["shared", "info@alfa.example"])
def test_two_people_may_share_one_mailbox_on_purpose(answer: str) -> None:
    [question] = sheets.of_text(SHARED).questions
    assert (question.code, question.options, question.free) == ("address_shared", ("shared", "same"), True)
    proposal = sheets.of_text(SHARED, answers={question.question or "": answer})
    assert [(p.name, p.email) for p in proposal.people] == [("Ann Aalders", "info@alfa.example"), ("Bob Bos", None)]
    assert "mailbox_shared" in sheets.codes(proposal, "told")


def test_two_names_behind_one_address_may_be_one_person() -> None:
    [question] = sheets.of_text(SHARED).questions
    proposal = sheets.of_text(SHARED, answers={question.question or "": "same"})
    assert [(p.name, p.email) for p in proposal.people] == [("Ann Aalders", "info@alfa.example")]


def test_words_where_a_number_or_a_time_is_looked_for_are_told() -> None:
    content = "Netwerk;Datum;Gastheer;Tijd;Aanwezig;Status\nOost;3-2-2026;Alfa;na de lunch;velen;doorgegaan\n"
    book = sheets.workbook(
        Leden=[["Netwerk", "Organisatie"], ["Oost", "Alfa"]], H=[r.split(";") for r in content.split("\n")[:2]]
    )
    told = {item.code: item.found for item in sheets.of_workbook(book).items if item.action == "ignored"}
    assert told == {"time_unclear": "na de lunch", "attended_unclear": "velen", "status_read": "doorgegaan"}
