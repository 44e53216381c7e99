"""Rules that were not kept, as exceptions the edge turns into an answer."""

import click


class Refused(Exception):
    """A rule says no. `sentence` is shown to the person; nothing was changed."""

    status = 422

    def __init__(self, sentence: object) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Stale(Refused):
    """Somebody else changed it meanwhile. Both texts are shown where there are any."""

    status = 409

    def __init__(self, sentence: object, theirs: object = None, yours: object = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        self.yours = yours


class TooOften(Refused):
    """A limit was reached; try again after `seconds`."""

    status = 429

    def __init__(self, sentence: object, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class BadRequest(click.ClickException):
    """A command asked for what is not there: one sentence on stderr, exit 2."""

    exit_code = 2


class BadSetting(Exception):
    """A setting makes no sense. The message is one sentence for whoever starts the program."""
