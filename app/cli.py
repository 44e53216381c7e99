"""The command line, all of it: `toerbeurt`, also `flask --app app`.

Here stands what can be typed. What a command does is loaded when it runs, so that its help needs no application.
"""

import os
import sys
from pathlib import Path

import click
from click import Argument, Command, Group, Option

from app.commands.typed import YEAR, Work
from app.config import DEFAULT_PORT, LANGUAGES
from app.edge.bounds import LARGEST
from app.errors import BadSetting, Refused

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
ENCODINGS = ("cp1250", "cp1252", "cp1254", "cp850", "iso8859_15", "mac_roman", "utf-8")
EXPORTS = ("csv", "ics", "json", "xlsx")
PORT = click.IntRange(1, 65535)


def _serve(host: str, port: int) -> object:
    _pages_at(port)
    return Work("app.commands.installation:serve")(host=host, port=port)


def _web(host: str, port: int, workers: int) -> object:
    _pages_at(port)
    return Work("app.commands.installation:web")(host=host, port=port, workers=workers)


def _pages_at(port: int) -> None:
    """Links lead to where the pages are listened for, unless an address is set."""
    os.environ.setdefault("TOERBEURT_BASE_URL", f"http://127.0.0.1:{port}")


def _outbox(due_until: str | None) -> None:
    if click.get_current_context().invoked_subcommand is None:
        Work("app.worker:list_outbox")(due_until=due_until)


serve = Command(
    "serve",
    help="Web and clock under one command, on one machine.",
    callback=_serve,
    params=[
        Option(["--host"], default="127.0.0.1"),
        Option(["--port"], default=lambda: int(os.environ.get("PORT", DEFAULT_PORT)), type=PORT),
    ],
)
web = Command(
    "web",
    help="Serve the pages and feeds.",
    callback=_web,
    params=[
        Option(["--host"], default="127.0.0.1"),
        Option(["--port"], default=DEFAULT_PORT, type=PORT),
        Option(["--workers"], default=2, type=click.IntRange(1, 64)),
    ],
)
worker = Command(
    "worker", help="Run the clock: send what is due, plan reminders.", callback=Work("app.commands.installation:worker")
)
database = Group(
    "db",
    help="The database's migrations.",
    commands=[
        Command(
            "upgrade",
            help="Bring the database to this version.",
            callback=Work("app.commands.installation:upgrade_tables"),
        ),
        Command(
            "downgrade",
            help="Take the database back to REVISION.",
            callback=Work("app.commands.installation:downgrade_tables"),
            params=[Argument(["revision"])],
        ),
    ],
)
manager = Group(
    "manager",
    help="The people who manage programmes.",
    commands=[
        Command(
            "add",
            help="Make EMAIL a manager of a programme.",
            callback=Work("app.commands.installation:add_manager"),
            params=[
                Argument(["email"]),
                Option(["--name"], required=True, help="First and last name."),
                Option(["--programme"], required=True, help="Made when it does not exist yet."),
                Option(["--language"], type=click.Choice(LANGUAGES)),
                Option(["--site-admin"], is_flag=True),
            ],
        )
    ],
)
sign_in = Command(
    "sign-in",
    help="Print a one-time sign-in link for EMAIL.",
    callback=Work("app.commands.installation:sign_in"),
    params=[Argument(["email"])],
)
feed = Command(
    "feed",
    help="Print the calendar address of EMAIL.",
    callback=Work("app.commands.installation:feed"),
    params=[Argument(["email"]), Option(["--scope"], default="mine", help="mine, all, or the slug of a network.")],
)
doctor = Command(
    "doctor",
    help="Check settings, database, mail and clock; exit 1 on trouble.",
    callback=Work("app.commands.installation:doctor"),
)
demo = Command("demo", help="Load a sample programme.", callback=Work("app.commands.installation:demo"))
import_files = Command(
    "import",
    help="""Read members, rooms, contacts, absences and past meetings from CSV or XLSX FILES.

    Exit 0: all clear. 3: questions are open, what they are about is not stored. 2: a file cannot be read.
    """,
    callback=Work("app.importing.commands:import_files"),
    params=[
        Argument(["files"], nargs=-1, required=True, type=OLD_FILE),
        Option(["--programme"], required=True, help="Name of the programme; made when it does not exist yet."),
        Option(["--network"], default="", help="Name or slug of the network of rows that name none."),
        Option(["--dry-run"], is_flag=True, help="Read and report, store nothing."),
        Option(["--answers"], type=OLD_FILE, help="JSON: {question: value}."),
        Option(["--accept-proposals"], is_flag=True, help="Answer each open question as the report proposes."),
        Option(
            ["--encoding"],
            type=click.Choice(ENCODINGS),
            help="Of texts whose encoding is a guess.",
        ),
        Option(["--report"], type=NEW_FILE, help="Write the report here, as JSON."),
    ],
)
export = Command(
    "export",
    help="Write NETWORK (its slug), or all of them, to a file.",
    callback=Work("app.exporting.commands:export"),
    params=[
        Argument(["network"], required=False),
        Option(["--all", "everything"], is_flag=True, help="All networks of all programmes."),
        Option(["--format", "kind"], type=click.Choice(EXPORTS), default="json", show_default=True),
        Option(["-o", "--output"], required=True, type=NEW_FILE, help="Write it here."),
    ],
)
import_json = Command(
    "import-json",
    help="Make the networks of an export again; those that are here already are refused.",
    callback=Work("app.exporting.commands:import_json"),
    params=[Argument(["file"], type=OLD_FILE)],
)
plan = Command(
    "plan",
    help="Plan INSTANCE; exit 0 planned, 3 infeasible, 4 unknown within the budget, 2 unreadable.",
    callback=Work("app.commands.plan_file:plan_file", alone=True),
    params=[
        Argument(["instance"], type=OLD_FILE),
        Option(["-o", "--output"], type=NEW_FILE, help="Write the plan here."),
        Option(
            ["--budget"],
            default=10.0,
            type=click.FloatRange(min=0, min_open=True),
            help="Seconds at a fixed rate of steps.",
        ),
        Option(["--joint"], is_flag=True, help="Plan all networks of the file together."),
    ],
)
cycle = Group(
    "cycle",
    help="Plan, publish and close the year of a network.",
    commands=[
        Command(
            "plan",
            help="A draft for NETWORK in YEAR; exit 3 names what clashes.",
            callback=Work("app.publishing.commands:plan_cycle"),
            params=[
                Argument(["network"]),
                Argument(["year"], type=YEAR),
                Option(["--meetings"], type=click.IntRange(1, 52), help="How many."),
                Option(["--months"], help="Like 2,4,6,9,11."),
                Option(["--weekday"], help="mon, tue ... sun, or several: tue,thu."),
                Option(["--nth"], type=click.Choice(["1", "2", "3", "4", "last"])),
                Option(["--start"], metavar="HH:MM", type=click.DateTime(["%H:%M"])),
                Option(["--minutes"], type=click.IntRange(15, 720)),
                Option(["--mode"], type=click.Choice(["in-person", "online", "hybrid", "mixed"])),
                Option(
                    ["--most-turns"],
                    type=click.IntRange(0),
                    help="Of one organisation, hosting and preparing; 0: any number.",
                ),
                Option(["--begins"], type=click.IntRange(1, 12), help="The month in which its years begin."),
                Option(["-o", "--output"], type=NEW_FILE, help="Write the plan here."),
            ],
        ),
        Command(
            "plan-all",
            help="Drafts for all networks of PROGRAMME in YEAR, planned together; exit 3 when one is not possible "
            "as asked.",
            callback=Work("app.publishing.commands:plan_all_cycles"),
            params=[
                Argument(["programme"]),
                Argument(["year"], type=YEAR),
                Option(["--again"], is_flag=True, help="Also networks that have a draft; what is fixed by hand stays."),
            ],
        ),
        Command(
            "publish",
            help="Publish the draft of NETWORK for YEAR and write the mails.",
            callback=Work("app.publishing.commands:publish_cycle"),
            params=[Argument(["network"]), Argument(["year"], type=YEAR)],
        ),
        Command(
            "who-stays",
            help="Ask the members of NETWORK by mail whether they stay after YEAR; nobody twice.",
            callback=Work("app.closing.commands:ask_members"),
            params=[Argument(["network"]), Argument(["year"], type=YEAR)],
        ),
        Command(
            "close",
            help="Close YEAR of NETWORK, which is over, and propose the next one with the same wishes.",
            callback=Work("app.closing.commands:close_cycle"),
            params=[Argument(["network"]), Argument(["year"], type=YEAR)],
        ),
    ],
)
meeting = Group(
    "meeting",
    help="Change a published meeting.",
    commands=[
        Command(
            "move",
            help="Move the meeting of DATE to another day or time.",
            callback=Work("app.publishing.commands:move_meeting"),
            params=[
                Argument(["network"]),
                Argument(["day"], type=DAY, metavar="DATE"),
                Argument(["new"], metavar="NEW_DATE[THH:MM]"),
            ],
        ),
        Command(
            "cancel",
            help="Cancel the meeting of DATE.",
            callback=Work("app.publishing.commands:cancel_meeting"),
            params=[Argument(["network"]), Argument(["day"], type=DAY, metavar="DATE")],
        ),
    ],
)
duty = Group(
    "duty",
    help="Change who has a turn.",
    commands=[
        Command(
            "swap",
            help="Let the organisations of two meetings exchange their turn.",
            callback=Work("app.publishing.commands:swap_duties"),
            params=[
                Argument(["network"]),
                Argument(["kind"], type=click.Choice(["host", "preparation"])),
                Argument(["one"], type=DAY, metavar="DATE"),
                Argument(["other"], type=DAY, metavar="DATE"),
            ],
        )
    ],
)
outbox = Group(
    "outbox",
    help="List the mails that are planned, one JSON object a line, earliest first.",
    invoke_without_command=True,
    callback=_outbox,
    params=[
        Option(["--due-until"], metavar="ISO", help="Only what is due by this instant, like 2027-01-31T12:00+01:00.")
    ],
    commands=[
        Command(
            "run",
            help="Deliver what is due.",
            callback=Work("app.worker:run_outbox"),
            params=[
                Option(["--until-empty"], is_flag=True, required=True, help="Deliver everything due now, then exit.")
            ],
        )
    ],
)
job = Group(
    "job",
    help="Long work, as the worker's child does it.",
    commands=[
        Command(
            "run",
            help="Do job NUMBER, which the worker has begun; exit 1 when it was stopped.",
            callback=Work("app.jobs.commands:run_job"),
            params=[Argument(["number"], type=click.IntRange(1, LARGEST))],
        )
    ],
)
report = Command(
    "report",
    help="Write the report of a year: of NETWORK (its slug), or of all networks of a programme.",
    callback=Work("app.exporting.commands:report"),
    params=[
        Argument(["named"], nargs=-1, required=True, metavar="[NETWORK] YEAR"),
        Option(["--programme"], metavar="NAME", help="All networks of this programme."),
        Option(["--format", "kind"], type=click.Choice(["xlsx", "csv", "html"]), default="xlsx"),
        Option(["-o", "--output"], type=NEW_FILE, required=True),
    ],
)
backup = Command(
    "backup",
    help="Write database and keys into FILE, while everything runs. Whoever has the file has everything.",
    callback=Work("app.admin.commands:backup"),
    params=[Argument(["file"], type=NEW_FILE)],
)
restore = Command(
    "restore",
    help="""Put everything back as it was in FILE. Stop the web and the worker first.

    What was to be mailed since then is not sent by itself: it stands on the outbox page, with "Send again" and
    "It arrived". Who was erased since then is erased again.
    """,
    callback=Work("app.privacy.commands:restore"),
    params=[Argument(["file"], type=OLD_FILE), Option(["--yes"], is_flag=True, help="Replace what is here.")],
)
keys = Group(
    "keys",
    help="What links and calendar addresses are signed with.",
    commands=[
        Command(
            "renew",
            help="Write new keys; what was signed with the old ones goes on for thirty days.",
            callback=Work("app.admin.commands:renew_keys"),
            params=[Option(["--feed"], is_flag=True, help="The key of calendar addresses too.")],
        )
    ],
)

cli = Group(
    "toerbeurt",
    help="Toerbeurt plans the year of learning networks, by turns.",
    commands=[
        *(backup, cycle, database, demo, doctor, duty, export, feed, import_files, import_json, job, keys, report),
        *(manager, meeting, outbox, plan, restore, serve, sign_in, web, worker),
    ],
)
cli = click.version_option(package_name="toerbeurt")(cli)


def main() -> None:
    """The program; every expected trouble is one sentence on stderr."""
    os.umask(0o077)  # what it writes is its owner's
    try:
        code = cli(prog_name="toerbeurt", standalone_mode=False)
    except (BadSetting, Refused) as error:
        _say_and_leave(str(error), 2)
    except OSError as error:
        _say_and_leave(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.", 2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        _say_and_leave("Stopped.", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _say_and_leave(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
