"""The words of the glossary, in every sentence on screen."""

import re

import pytest

from tests.test_house import sentences_of

# What nobody says here, and in which sentences it is another thing.
NOT_SAID = {
    "gastheer, which is a man": ("nl", r"\bgast(heer|vrouw)"),
    "an agenda is a calendar": ("nl", r"open agenda|^agenda van"),
    "a straight apostrophe": ("nl", r"\w'\w|(?<!\w)'[snt]\b"),
    "Gastgeber, who is a man": ("de", r"\bGastgeber\b"),
    "debts": ("de", r"[Ss]chuld"),
    "notulen": ("nl", r"[Nn]otulen"),
}
SUBJECTS = {  # as people know them
    "%(organisation)s cannot host %(d)s",
    "%(organisation)s cannot host %(d)s: three options",
}
VARIANTS = {"nl": "nl@formal", "de": "de@informal"}


@pytest.mark.parametrize("word", NOT_SAID)
def test_no_sentence_uses_a_word_the_glossary_has_another_for(word: str) -> None:
    language, pattern = NOT_SAID[word]
    both = [*sentences_of(language).items(), *sentences_of("variants", VARIANTS[language]).items()]
    assert [english for english, said in both if re.search(pattern, said) and english not in SUBJECTS] == []


def test_whoever_hosts_is_an_organisation_in_both_languages() -> None:
    assert [sentences_of(language)["Host"] for language in ("nl", "de")] == [
        "Ontvangende organisatie",
        "Gastgebende Einrichtung",
    ]
