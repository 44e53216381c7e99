"""What the codes of a reading say to a person: the only place where a reading meets a language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

UNREADABLE: Mapping[str, Any] = {
    "empty": _l("%(file)s is empty."),
    "broken": _l("%(file)s is damaged and cannot be opened. Save it again in Excel and try once more."),
    "no_workbook": _l("%(file)s is no workbook. Save the list as .xlsx, .ods or .csv."),
    "password": _l("%(file)s has a password. Save it without one and try once more."),
    "no_table_file": _l("%(file)s is no list. Save the list as .xlsx or .csv."),
    "no_text": _l("%(file)s is no text with columns. Save the list as .xlsx or .csv."),
    "too_large": _l("%(file)s is too large to be read: at most 30,000 cells and 2,000 organisations."),
    "no_headings": _l(
        "%(file)s: no column is called “organisation”, so nothing can be read. Give each column a heading."
    ),
}

SAID: Mapping[str, Any] = {
    "address_at": _l("“(at)” written as @"),
    "address_case": _l("Address written in small letters, without spaces"),
    "address_in_link": _l("Address taken from the link"),
    "address_in_text": _l("Address taken out of the text around it"),
    "address_known": _l("Address known from the programme"),
    "address_spaces": _l("Spaces taken out of the address"),
    "answered": _l("As you answered"),
    "capitals": _l("Capitals made small"),
    "column_unused": _l("A column that this kind of list has no place for: not kept"),
    "column_left_out": _l("A column you left out"),
    "column_meaning": _l("A column whose meaning you gave"),
    "column_read": _l("A column read by the words of its heading and what stands in it"),
    "cross_is_yes": _l("A cross read as yes"),
    "date_cell": _l("A day"),
    "date_iso": _l("A day"),
    "date_month_first": _l("Text read as a day, the month before the day: nothing else is possible"),
    "date_serial": _l("A number read as the day it stands for"),
    "date_text": _l("Text read as a day, the day before the month"),
    "date_year_hidden": _l("A day whose year the sheet does not show"),
    "encoding": _l("Read in this encoding; look whether letters like ë are right"),
    "form_of_address": _l("Form of address left out"),
    "formula_as_text": _l("A formula, kept as text"),
    "formula_without_value": _l("A formula whose result the file does not hold: left out"),
    "in_no_network": _l("In none of the networks"),
    "joined_first_turn": _l("Joined with its first turn; you can change that"),
    "joined_new_year": _l("Joined on 1 January, as nothing says otherwise; you can change that"),
    "line_break": _l("A line break within the cell"),
    "mailbox_shared": _l("Shares this mailbox on purpose: mails to it are addressed to the first of the two"),
    "meeting_ahead": _l("This meeting is still to come. Plan it here instead: not taken"),
    "meeting_twice": _l("This network has another meeting on that day: not taken"),
    "merged_down": _l("A merged cell counts for all its rows"),
    "mode_by_history": _l("How the network meets, going by its past meetings"),
    "name_own": _l("Only this person can change their name, in their preferences: it stays as it is"),
    "name_known": _l("Letters were lost in this file; name known from elsewhere"),
    "name_turned": _l("First name put first"),
    "not_kept_birth": _l("Date of birth: not kept"),
    "not_kept_column": _l("A column nobody needs here: not kept"),
    "not_kept_diet": _l("Diet: not kept, it may say something about health or religion"),
    "not_kept_function": _l("Function: not kept"),
    "not_kept_remark": _l("Remarks: not kept"),
    "not_kept_salutation": _l("Form of address: not kept"),
    "organisation_from_above": _l("Organisation of the row above"),
    "organisation_by_house": _l("Of the organisation whose people have such addresses"),
    "organisation_short": _l("Short for this organisation"),
    "period_text": _l("Text read as days"),
    "rhythm_read": _l("How often this network meets: kept as its wishes for a year"),
    "rhythm_unclear": _l("How often this network meets: not read, say it when you plan"),
    "row_blank": _l("An empty row"),
    "row_coloured": _l("The row has a colour. Colours say nothing here: taken like any other row"),
    "row_headings": _l("Headings or a title between the rows"),
    "row_note": _l("A note about the list"),
    "several_networks": _l("Several networks in one cell"),
    "person_nobody": _l("Nobody yet: no person"),
    "person_unnamed": _l("Of nobody whose name or address is given: not taken"),
    "host_nobody": _l("No organisation"),
    "attended_unclear": _l("No number of people"),
    "time_unclear": _l("No time of day"),
    "status_read": _l("Read for whether the meeting was cancelled"),
    "row_hidden": _l("A hidden row: taken like any other row"),
    "row_repeated": _l("The same row again"),
    "row_title": _l("A line above the headings"),
    "row_without_organisation": _l("A row that names no organisation: not taken"),
    "row_without_network": _l("A row that names no network: not taken"),
    "row_without_room": _l("Neither a room nor places: not taken"),
    "row_total": _l("A total"),
    "row_without_cross": _l("In the list of members, but not crossed in the matrix: taken as a member"),
    "said_before": _l("Another row says something else; the first one counts"),
    "second_value": _l("Another column says this as well; only one is kept"),
    "seats_differ": _l("Another row says something else of this room"),
    "seats_none": _l("No room"),
    "seats_range": _l("The smaller number of places"),
    "seats_text": _l("Number of places taken out of the text"),
    "sheet_hidden": _l("A hidden sheet: not read"),
    "sheet_unknown": _l("No sheet we know: not read"),
    "spaces": _l("Spaces left out"),
    "as_above": _l("What stands in the row above"),
    "postcode_zero": _l("The lost zero put back before a postcode"),
    "poll_answer": _l("An answer to a date poll nobody knows: not taken"),
    "poll_no": _l("A no in a date poll: this organisation cannot come that day"),
    "looks_not_read": _l("Looks were not read: hidden, struck-through, coloured and linked cells were not seen"),
    "two_people": _l("Two people in one cell, taken apart"),
    "region_read": _l("A region read as its code"),
    "title_apart": _l("Academic title kept beside the name"),
    "yes_no_text": _l("Yes or no taken out of the text"),
    "date_impossible": _l("There is no such day: row not taken"),
    "date_missing": _l("No day: row not taken"),
}

ASKED: Mapping[str, Any] = {
    "address_missing": _l("What is the address of %(about)s?"),
    "address_shared": _l("%(found)s is somebody else's address already. Which is the own address of %(about)s?"),
    "address_wrong": _l("“%(found)s” is no address. Which one is it for %(about)s?"),
    "column_likely": _l("What stands in the column “%(about)s” (%(found)s)?"),
    "column_organisation": _l("In which column of %(about)s are the organisations?"),
    "columns_hidden": _l("Hidden in the sheet: %(about)s. Are these columns to be read?"),
    "contact_gone": _l("%(found)s is no longer in this list (%(about)s). Does this person leave the network?"),
    "cross_without_row": _l("The matrix says %(about)s, the list of members does not. Is it a member?"),
    "date_far": _l("“%(found)s” (%(about)s) lies in a year far away. Which day is meant?"),
    "date_only_week": _l("On which day in “%(found)s” was the meeting of %(about)s?"),
    "date_order": _l("This column has days in both orders. Which day is “%(found)s” (%(about)s)?"),
    "date_other_weekday": _l("“%(found)s” falls on another weekday. Which day is it (%(about)s)?"),
    "date_unclear": _l("Which day is “%(found)s” (%(about)s)?"),
    "membership_gone": _l("%(found)s is no longer in this list (%(about)s). Has it left? Today is its last day then."),
    "value_changed": _l("%(about)s here, but “%(found)s” in the file. Which one counts?"),
    "name_spelled_twice": _l("Two spellings of one name at %(about)s. Which is right?"),
    "name_unreadable": _l("Letters were lost in “%(found)s” (%(about)s). What is the name?"),
    "network_missing": _l("Which network are the rows of %(about)s of?"),
    "network_unknown": _l("Which network is “%(found)s”?"),
    "organisation_alike": _l("Is “%(found)s” the same organisation as another one in the list?"),
    "organisation_unknown": _l("Which organisation is “%(found)s”?"),
    "organisation_missing": _l("Which organisation is %(about)s of? It may be their own name."),
    "organisation_of_house": _l("Which organisation are the addresses at %(about)s of?"),
    "people_alone": _l("This list names no organisations. Does each person stand for themselves?"),
    "period_unclear": _l("Which days are “%(found)s” (%(about)s)? For example 22-2-2027 t/m 28-2-2027."),
    "poll_person": _l("Which organisation is %(found)s of, who answered the date poll?"),
    "region_unknown": _l("Which region is “%(found)s” (%(about)s)?"),
    "row_struck_through": _l("“%(found)s” is struck through (%(about)s). Is it a member all the same?"),
    "seats_unclear": _l("How many places are “%(found)s” (%(about)s)?"),
    "two_addresses": _l("Two addresses for %(about)s. Which one is theirs?"),
    "wheelchair_unclear": _l("Can a wheelchair get into %(about)s?"),
    "yes_or_no": _l("Can %(about)s host?"),
}

# The kinds of questions, what matters most first.
KINDS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "columns": (_l("Columns"), ("column_organisation", "columns_hidden", "column_likely")),
    "networks": (_l("Networks"), ("network_missing", "network_unknown")),
    "organisations": (
        _l("Organisations"),
        (
            *("people_alone", "organisation_alike", "organisation_unknown", "organisation_missing"),
            *("organisation_of_house", "region_unknown"),
        ),
    ),
    "members": (
        _l("Who is in"),
        ("membership_gone", "contact_gone", "cross_without_row", "row_struck_through", "value_changed"),
    ),
    "people": (
        _l("Names and addresses"),
        (
            *("name_spelled_twice", "name_unreadable", "poll_person", "address_shared", "two_addresses"),
            *("address_wrong", "address_missing"),
        ),
    ),
    "hosting": (_l("Rooms and hosting"), ("yes_or_no", "seats_unclear", "wheelchair_unclear")),
    "absences": (_l("Days that do not suit"), ("period_unclear",)),
    "meetings": (
        _l("Days of meetings"),
        ("date_order", "date_other_weekday", "date_only_week", "date_unclear"),
    ),
}

ANSWERS: Mapping[str, Any] = {
    "yes": _l("yes"),
    "no": _l("no"),
    "here": _l("what is here"),
    "file": _l("what the file says"),
    "shared": _l("they share it on purpose"),
    "same": _l("they are one person"),
}

MODES: Mapping[str, Any] = {"online": _l("always online"), "mixed": _l("sometimes online")}

ACTIONS: Mapping[str, Any] = {
    "asked": _l("Still open: not stored"),
    "refused": _l("Not taken"),
    "told": _l("Read with a little thought: please look it over"),
    "dropped": _l("Not kept"),
    "ignored": _l("Passed over"),
    "repaired": _l("Tidied up"),
}

ADDED: Mapping[str, Callable[[int], str]] = {
    "networks": lambda n: ngettext("%(num)s network", "%(num)s networks", n),
    "organisations": lambda n: ngettext("%(num)s organisation", "%(num)s organisations", n),
    "memberships": lambda n: ngettext("%(num)s membership", "%(num)s memberships", n),
    "people": lambda n: ngettext("%(num)s person", "%(num)s people", n),
    "rooms": lambda n: ngettext("%(num)s room", "%(num)s rooms", n),
    "absences": lambda n: ngettext("%(num)s absence", "%(num)s absences", n),
    "meetings": lambda n: ngettext("%(num)s past meeting", "%(num)s past meetings", n),
}

# What a column may be said to mean, as its menu lists it.
MENU: tuple[tuple[Any, Mapping[str, Any]], ...] = (
    (
        _l("Organisation"),
        {
            "organisation": _l("Organisation"),
            "town": _l("Town"),
            "region": _l("Region"),
            "network": _l("Network"),
            "rhythm": _l("How often they meet"),
            "host": _l("Can host"),
            "joined": _l("Member since"),
            "absence": _l("Not available"),
            "since": _l("First day"),
            "until": _l("Last day"),
            "reason": _l("Reason"),
        },
    ),
    (
        _l("Person"),
        {
            "person": _l("Name of the person"),
            "title": _l("Title"),
            "first": _l("First name"),
            "infix": _l("Infix (van, de, von)"),
            "last": _l("Last name"),
            "email": _l("E-mail"),
            "phone": _l("Phone"),
        },
    ),
    (
        _l("Room"),
        {
            "room": _l("Room"),
            "seats": _l("Seats"),
            "address": _l("Address"),
            "postcode": _l("Postcode"),
            "parking": _l("Parking"),
            "transport": _l("Public transport"),
            "wheelchair": _l("Wheelchair"),
            "screen": _l("Screen"),
        },
    ),
    (
        _l("Meeting"),
        {
            "date": _l("Date"),
            "time": _l("Time"),
            "end_time": _l("End"),
            "preparers": _l("Preparation"),
            "topic": _l("Topic"),
            "attended": _l("How many came"),
            "status": _l("Status"),
        },
    ),
)
FIELD_NAMES: Mapping[str, Any] = {field: name for _title, fields in MENU for field, name in fields.items()}
