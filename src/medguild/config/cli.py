"""The one command: `medguild ...`. Each entry is a Django management command with a name that reads well."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib.metadata import version

import django
import psycopg
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, connections

from medguild.config import embedded
from medguild.config.database import uses_embedded, what_to_do
from medguild.foundation.kernel.errors import Refusal

# Words as typed -> (management command, what it does)
COMMANDS: dict[tuple[str, ...], tuple[str, str]] = {
    ("serve",): ("serve", "serve the web pages and the API"),
    ("worker",): ("worker", "run jobs, deliver events, seal the log"),
    ("migrate",): ("migrate", "bring the database up to date"),
    ("demo",): ("demo", "load and serve the synthetic group"),
    ("doctor",): ("doctor", "check database, jobs, assets, clock, disk, versions"),
    ("audit", "verify"): ("audit_verify", "prove that no recorded event was edited or deleted"),
    ("edi", "inspect"): ("edi_inspect", "read X12 files and say what is in them"),
    ("edi", "explain"): ("edi_explain", "say in plain words what an X12 file says"),
    ("edi", "ack"): ("edi_ack", "answer an X12 file with a 999 and a TA1"),
    ("edi", "diff"): ("edi_diff", "say what differs between two X12 files"),
    ("remittances", "import"): ("remittances_import", "read and post 835 files"),
    ("claims", "export"): ("claims_export", "write clean claims as 837P files"),
    ("patients", "import"): ("patients_import", "load patients from a CSV file"),
    ("fees", "import"): ("fees_import", "load the fees of an entity, or the rates of a contract, from a CSV file"),
    ("codes", "import"): ("codesets_import", "load a licensed code set that you supply, from a CSV file"),
    ("attendance", "train"): ("attendance_train", "learn no-show probabilities from the groups' own visits"),
    ("token", "create"): ("token_create", "make an API token"),
}
_OLDEST_POSTGRES = 150_000
_WITHOUT_DATABASE = ("edi_inspect", "edi_explain", "edi_ack", "edi_diff")
_SAYS_IT_BETTER = ("doctor",)
# Those that people end with Ctrl+C: nothing of theirs stays behind.
_SERVING = ("demo", "serve", "worker")
# Options of every Django command, which would hide the few that matter.
_NOISE = {
    "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
}  # fmt: skip
_BROKEN_PIPE = 141


class Unreachable(CommandError):
    """The database cannot be used; the message says why and what to do."""


def main() -> None:
    """Entry point. Exit codes: 0 done, 1 something is wrong, 2 not usable, 130 stopped by hand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    words = sys.argv[1:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return
    if words[0] in ("-V", "--version", "version"):
        print(f"medguild {version('medguild')}")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _set_up()
        _in_house(words)
    except CommandError as error:
        _end(str(error), error.returncode)
    except embedded.EmbeddedDatabaseError as error:
        _end(str(error), 1)
    except Refusal as refusal:
        _end(str(refusal.message), 1)
    except Error as error:
        _end(_told(error), 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)
    except OSError as error:
        _end(f"{error.filename or 'the system'}: {error.strerror}", 1)
    except KeyboardInterrupt:
        _end("stopped; what was not finished was taken back", 130)


def _set_up() -> None:
    """Nothing made here becomes garbage: without its collector Django starts in four fifths of the time."""
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


def _in_house(words: list[str]) -> None:
    """Run one command with the database up, and leave no database running that it has started."""
    name, spoken, arguments = resolve(words)
    if name in _WITHOUT_DATABASE or {"-h", "--help"} & set(arguments):
        _run(name, spoken, arguments)
        return
    started = False
    try:
        started = reach_database()
    except (Unreachable, embedded.EmbeddedDatabaseError):
        if name not in _SAYS_IT_BETTER:
            raise
    try:
        _run(name, spoken, arguments)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        connections.close_all()
        if uses_embedded() and (started or name in _SERVING):
            embedded.stop_if_alone()


def _end(text: str, code: int) -> None:
    print(f"medguild: {text}", file=sys.stderr)
    sys.exit(code)


def _told(error: Error) -> str:
    """One line for an error of the database that no command foresaw. It never quotes the server: rows hold patients."""
    if isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return "the database is not up to date: run `medguild migrate`"
    if isinstance(error.__cause__, psycopg.errors.ReadOnlySqlTransaction):
        return "the database may only be read: point MEDGUILD_DATABASE_URL at the primary server"
    if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
        return "the database user may not do this: make it the owner of the database"
    if isinstance(error.__cause__, psycopg.OperationalError):
        return "the database went away while this ran; look whether it runs with `medguild doctor`, and try again"
    raise error


def reach_database() -> bool:
    """Start the embedded database, or reach the given one; was one started?

    Raises Unreachable and EmbeddedDatabaseError.
    """
    if uses_embedded():
        started = embedded.start()
        embedded.ensure_database("medguild")
        return started
    try:
        connection.ensure_connection()
    except Error as error:
        reason = " ".join(str(error).split())
        raise Unreachable(
            f"the database of MEDGUILD_DATABASE_URL cannot be reached: {what_to_do(reason)} ({reason})"
        ) from None
    if connection.connection.info.server_version < _OLDEST_POSTGRES:
        raise Unreachable("the server of MEDGUILD_DATABASE_URL is too old: PostgreSQL 15 or newer is needed")
    return False


def resolve(words: list[str]) -> tuple[str, str, list[str]]:
    """The management command, its words as typed, the arguments left for it. Raises CommandError for unknown words."""
    for length in (2, 1):
        entry = COMMANDS.get(tuple(words[:length]))
        if entry is not None and entry[0] in get_commands():
            return entry[0], " ".join(words[:length]), words[length:]
    if words[0] in get_commands():
        return words[0], words[0], words[1:]
    near = [" ".join(known) for known in COMMANDS if words[0] in known]
    hint = f" Did you mean: {', '.join(near)}?" if near else ""
    typed = " ".join(words[:2] if near else words[:1])
    raise CommandError(f"there is no command '{typed}'.{hint} `medguild help` lists them all.", returncode=2)


def _run(name: str, spoken: str, arguments: list[str]) -> None:
    """Errors come out of Django's own runner as they are (its --traceback), so that `main` words them once."""
    owner = get_commands()[name]
    command = owner if isinstance(owner, BaseCommand) else load_command_class(owner, name)
    if command.__module__.startswith("medguild."):
        command.suppressed_base_arguments = _NOISE
        command.requires_system_checks = []  # `make check` asks them; they would only make each start slower
    command.run_from_argv(["medguild", spoken, "--traceback", *arguments])


def usage() -> str:
    lines = ["Medguild: the operating system of a medical group", "", "usage: medguild COMMAND [options]", ""]
    lines += [f"  {' '.join(words):<20} {what}" for words, (_, what) in COMMANDS.items()]
    return "\n".join(
        [*lines, "", "`medguild COMMAND --help` tells more of one. `medguild doctor` finds what is wrong."]
    )


if __name__ == "__main__":
    main()
