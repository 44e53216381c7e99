"""The manager's table of a date round: a row per day, the best on top, with what each person said to it."""

from dataclasses import dataclass
from datetime import date

from app.networks.models import Organisation
from app.people.models import Person
from app.rounds.models import CandidateDate, DateRound
from app.rounds.queries import asked, remark_of


@dataclass(frozen=True)
class AnswersOfPerson:
    person: Person
    organisation: Organisation
    words: tuple[str, ...]  # in the order of the days; "" = no answer yet
    telephoned: bool
    remark: str


@dataclass(frozen=True)
class Column:
    candidate: CandidateDate
    yes: int
    rather_not: int
    no: int
    silent: int
    best: bool  # nobody says no, and no day has more yes

    @property
    def rank(self) -> tuple[int, int, int, date]:
        return self.no, self.rather_not, -self.yes, self.candidate.day


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    lines: tuple[AnswersOfPerson, ...]

    @property
    def days(self) -> list[tuple[Column, list[tuple[AnswersOfPerson, str]]]]:
        """Each day with what everybody said to it; fewest no first, then fewest rather not, then most yes."""
        ranked = sorted(enumerate(self.columns), key=lambda each: each[1].rank)
        return [(column, [(line, line.words[n]) for line in self.lines]) for n, column in ranked]

    @property
    def silent(self) -> tuple[Person, ...]:
        """Who has not answered everything."""
        return tuple(line.person for line in self.lines if "" in line.words)


def of_round(row: DateRound, today: date) -> Table:
    lines = tuple(_line(row, p, m.organisation) for m in asked(row, today) for p in m.people)
    counts = [[line.words[n] for line in lines] for n in range(len(row.dates))]
    most = max((words.count("yes") for words in counts if "no" not in words), default=-1)
    columns = (_column(candidate, words, most) for candidate, words in zip(row.dates, counts, strict=True))
    return Table(tuple(columns), lines)


def _line(row: DateRound, person: Person, organisation: Organisation) -> AnswersOfPerson:
    given = [next((a for a in each.answers if a.person_id == person.id), None) for each in row.dates]
    words = tuple(answer.answer if answer else "" for answer in given)
    return AnswersOfPerson(
        person, organisation, words, any(answer.entered_by_id for answer in given if answer), remark_of(row, person.id)
    )


def _column(candidate: CandidateDate, words: list[str], most: int) -> Column:
    yes, rather_not, no = (words.count(word) for word in ("yes", "rather_not", "no"))
    return Column(candidate, yes, rather_not, no, words.count(""), no == 0 and yes == most > 0)
