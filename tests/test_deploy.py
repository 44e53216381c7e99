"""The units shipped in deploy/ let the program do what it does."""

from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[1] / "deploy"
# What systemd's group @resources holds (systemd 252): forbidden as a whole, then some of it allowed again.
RESOURCES = {
    "ioprio_set", "mbind", "migrate_pages", "move_pages", "nice", "sched_setaffinity", "sched_setattr",
    "sched_setparam", "sched_setscheduler", "set_mempolicy", "set_mempolicy_home_node", "setpriority", "setrlimit",
}  # fmt: skip
USED = {
    "setpriority": "os.nice: long work steps back behind the clock",
    "setrlimit": "resource.setrlimit: an uploaded file is read within limits",
}


def forbidden(unit: str) -> set[str]:
    """The calls of @resources that the unit's filter refuses, its lines applied one after the other."""
    left: set[str] = set()
    for line in (DEPLOY / unit).read_text().splitlines():
        if not line.startswith("SystemCallFilter="):
            continue
        words = line.partition("=")[2]
        named = {each for word in words.lstrip("~").split() for each in (RESOURCES if word == "@resources" else {word})}
        left = left | (named & RESOURCES) if words.startswith("~") else left - named
    return left


@pytest.mark.parametrize("unit", ["toerbeurt-web.service", "toerbeurt-worker.service"])
def test_what_the_program_calls_is_not_filtered(unit: str) -> None:
    assert forbidden(unit) & set(USED) == set()


@pytest.mark.parametrize("unit", ["toerbeurt-web.service", "toerbeurt-worker.service"])
def test_nothing_else_of_the_machine_s_resources_is_allowed(unit: str) -> None:
    assert forbidden(unit) == RESOURCES - set(USED)


def test_no_log_of_the_proxy_holds_a_token() -> None:
    masked = (DEPLOY / "nginx.conf").read_text()
    assert "~^/(feeds|me|sign-in|stop-mails|address)/ /$1/-;" in masked
