"""What the codes of a reading say to a person: the only place where a reading meets a language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

UNREADABLE: Mapping[str, Any] = {
    "empty": _l("%(file)s is empty."),
    "broken": _l("%(file)s is damaged and cannot be opened. Save it again in Excel and try once more."),
    "no_workbook": _l("%(file)s is no Excel workbook. Save the list as .xlsx or .csv."),
    "old_excel": _l("%(file)s is an old Excel file or has a password. Save it as .xlsx without a password."),
    "no_table_file": _l("%(file)s is no list. Save the list as .xlsx or .csv."),
    "no_text": _l("%(file)s is no text with columns. Save the list as .xlsx or .csv."),
    "too_large": _l("%(file)s is too large to be read: at most 30,000 cells and 2,000 organisations."),
    "no_headings": _l(
        "%(file)s: no column is called “organisation”, so nothing can be read. Give each column a heading."
    ),
}

SAID: Mapping[str, Any] = {
    "address_case": _l("Address written in small letters, without spaces"),
    "address_in_link": _l("Address taken from the link"),
    "address_in_text": _l("Address taken out of the text around it"),
    "address_known": _l("Address known from the programme"),
    "address_spaces": _l("Spaces taken out of the address"),
    "answered": _l("As you answered"),
    "capitals": _l("Capitals made small"),
    "cross_is_yes": _l("A cross read as yes"),
    "date_cell": _l("A day"),
    "date_iso": _l("A day"),
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
    "meeting_ahead": _l("This meeting is still to come. Plan it here instead: not taken"),
    "meeting_twice": _l("This network has another meeting on that day: not taken"),
    "merged_down": _l("A merged cell counts for all its rows"),
    "mode_by_history": _l("How the network meets, going by its past meetings"),
    "name_known": _l("Letters were lost in this file; name known from elsewhere"),
    "name_turned": _l("First name put first"),
    "not_kept_birth": _l("Date of birth: not kept"),
    "not_kept_column": _l("A column nobody needs here: not kept"),
    "not_kept_diet": _l("Diet: not kept, it may say something about health or religion"),
    "not_kept_function": _l("Function: not kept"),
    "not_kept_remark": _l("Remarks: not kept"),
    "not_kept_salutation": _l("Form of address: not kept"),
    "organisation_from_above": _l("Organisation of the row above"),
    "organisation_short": _l("Short for this organisation"),
    "period_text": _l("Text read as days"),
    "row_blank": _l("An empty row"),
    "row_coloured": _l("The row has a colour. Colours say nothing here: taken like any other row"),
    "row_hidden": _l("A hidden row: taken like any other row"),
    "row_repeated": _l("The same row again"),
    "row_total": _l("A total"),
    "row_without_cross": _l("In the list of members, but not crossed in the matrix: taken as a member"),
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
    "large_plain": _l(
        "A large workbook, read for its values only: merged, struck-through or linked cells were not seen"
    ),
    "region_read": _l("A region read as its code"),
    "title_apart": _l("Academic title left out of the name"),
    "yes_no_text": _l("Yes or no taken out of the text"),
    "date_impossible": _l("There is no such day: row not taken"),
    "date_missing": _l("No day: row not taken"),
}

ASKED: Mapping[str, Any] = {
    "address_missing": _l("What is the address of %(about)s?"),
    "address_shared": _l("%(found)s is somebody else's address already. Which is the own address of %(about)s?"),
    "address_wrong": _l("“%(found)s” is no address. Which one is it for %(about)s?"),
    "cross_without_row": _l("The matrix says %(about)s, the list of members does not. Is it a member?"),
    "date_only_week": _l("On which day in “%(found)s” was the meeting of %(about)s?"),
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
    "people_alone": _l("This list names no organisations. Does each person stand for themselves?"),
    "period_unclear": _l("Which days are “%(found)s” (%(about)s)? For example 22-2-2027 t/m 28-2-2027."),
    "poll_person": _l("Which organisation is %(found)s of, who answered the date poll?"),
    "region_unknown": _l("Which region is “%(found)s” (%(about)s)?"),
    "row_struck_through": _l("“%(found)s” is struck through (%(about)s). Is it a member all the same?"),
    "seats_unclear": _l("How many places are “%(found)s” (%(about)s)?"),
    "two_addresses": _l("Two addresses for %(about)s. Which one is theirs?"),
    "yes_or_no": _l("Can %(about)s host?"),
}

ACTIONS: Mapping[str, Any] = {
    "asked": _l("Still open: not stored"),
    "refused": _l("Not taken"),
    "told": _l("Read with a little thought: please look it over"),
    "dropped": _l("Not kept"),
    "ignored": _l("Passed over"),
    "repaired": _l("Tidied up"),
}

ADDED: Mapping[str, Any] = {
    "networks": _l("networks"),
    "organisations": _l("organisations"),
    "memberships": _l("memberships"),
    "people": _l("people"),
    "rooms": _l("rooms"),
    "absences": _l("absences"),
    "meetings": _l("past meetings"),
}
