"""The checklists behind the steps of the ladder."""

from scheduling.reminding.checklists import HOST_ITEMS, Item, items, silent


def ids(found: tuple[Item, ...]) -> list[str]:
    return [each.id for each in found]


def test_a_host_has_one_list_and_preparers_another_for_two_and_for_the_call() -> None:
    alone = items("preparation", online=False, opens=False, partner=False)
    both = items("preparation", online=False, opens=False, partner=True)
    online = items("preparation", online=True, opens=True, partner=False)

    assert items("host", online=False, opens=False, partner=False) == HOST_ITEMS
    assert (ids(alone)[0], ids(both)[0]) == ("topic", "partner")
    assert set(ids(online)) - set(ids(alone)) == {"link", "second_host", "recording", "link_tested"}
    assert [each.days for each in online] == sorted(each.days for each in online)
    assert {each.id: each.days for each in online}["topic"] == -21


def test_a_step_is_silent_when_all_it_asks_for_is_done() -> None:
    done = {"accepted", "room", "access"}

    assert silent(HOST_ITEMS, done) == frozenset()
    assert silent(HOST_ITEMS, done | {"second_contact"}) == {"H1"}


def test_what_earlier_steps_ask_as_a_fact_keeps_the_later_ones_going() -> None:
    done = {"route", "reception", "equipment", "coffee"}

    assert silent(HOST_ITEMS, done) == frozenset()
    assert silent(HOST_ITEMS, done | {"accepted"}) == {"H3"}


def test_nothing_to_ask_is_no_step() -> None:
    assert silent((Item("thanks", 1),), {"thanks"}) == frozenset()
