"""The one command: `medguild ...`. Each entry is a Django management command with a name that reads well."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from medguild.config import embedded
from medguild.config.database import uses_embedded

# Words as typed -> (management command, what it does)
COMMANDS: dict[tuple[str, ...], tuple[str, str]] = {
    ("serve",): ("serve", "serve the web pages and the API"),
    ("worker",): ("worker", "run jobs, deliver events, seal the log"),
    ("migrate",): ("migrate", "bring the database up to date"),
    ("demo",): ("demo", "load and serve the synthetic group"),
    ("doctor",): ("doctor", "check database, jobs, assets, clock, disk, versions"),
    ("audit", "verify"): ("audit_verify", "prove that no recorded event was edited or deleted"),
    ("edi", "inspect"): ("edi_inspect", "read X12 files and say what is in them"),
    ("remittances", "import"): ("remittances_import", "read and post 835 files"),
    ("claims", "export"): ("claims_export", "write clean claims as 837P files"),
    ("patients", "import"): ("patients_import", "load patients from a CSV file"),
    ("token", "create"): ("token_create", "make an API token"),
}


def main() -> None:
    """Entry point. Exit codes: 0 done, 1 something is wrong, 2 not usable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    words = sys.argv[1:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return
    try:
        _reach_database()
        name, arguments = resolve(words)
        _run(name, arguments)
    except embedded.EmbeddedDatabaseError as error:
        sys.exit(f"medguild: {error}")
    except CommandError as error:
        print(f"medguild: {error}", file=sys.stderr)
        sys.exit(error.returncode)
    except KeyboardInterrupt:
        sys.exit(130)


def _reach_database() -> None:
    """Start the embedded database, or reach the given one; one clear line when that fails."""
    if uses_embedded():
        embedded.start()
        embedded.ensure_database("medguild")
        django.setup()
        return
    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        sys.exit(f"medguild: the database of MEDGUILD_DATABASE_URL cannot be reached: {reason}")


def resolve(words: list[str]) -> tuple[str, list[str]]:
    """The management command and the arguments left for it. Raises CommandError for unknown words."""
    for length in (2, 1):
        entry = COMMANDS.get(tuple(words[:length]))
        if entry is not None and entry[0] in get_commands():
            return entry[0], words[length:]
    if words[0] in get_commands():
        return words[0], words[1:]
    raise CommandError(f"there is no command '{' '.join(words[:2])}'. `medguild help` lists them.", returncode=2)


def _run(name: str, arguments: list[str]) -> None:
    owner = get_commands()[name]
    command = owner if isinstance(owner, BaseCommand) else load_command_class(owner, name)
    command.run_from_argv(["medguild", name, *arguments])


def usage() -> str:
    lines = ["Medguild: the operating system of a medical group", "", "usage: medguild COMMAND [options]", ""]
    lines += [f"  {' '.join(words):<20} {what}" for words, (_, what) in COMMANDS.items()]
    return "\n".join([*lines, "", "`medguild COMMAND --help` tells more of one."])


if __name__ == "__main__":
    main()
