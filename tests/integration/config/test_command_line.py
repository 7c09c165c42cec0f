"""What a newcomer may mistype: one line that says what to do, an exit code, and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management.base import CommandError
from procrastinate.contrib.django import app

from medguild.config.cli import COMMANDS, resolve
from medguild.config.database import database_settings

NOWHERE = "postgresql://me:secret-word@127.0.0.1:9/house"


def run(*words: str, state: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "medguild.config.cli", *words]
    env = {**os.environ, "MEDGUILD_STATE": str(state), "MEDGUILD_DATABASE_URL": NOWHERE, **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def server_url(name: str) -> str:
    """The server of these tests, another database."""
    place = database_settings()
    login = f"{place['USER']}:{quote(place.get('PASSWORD', ''))}"
    return f"postgresql://{login}@:{place.get('PORT', '')}/{name}?host={place['HOST']}"


def test_help_needs_no_database(tmp_path: Path) -> None:
    listed = run("help", state=tmp_path)
    assert listed.returncode == 0
    assert all(" ".join(words) in listed.stdout for words in COMMANDS)
    shown = run("audit", "verify", "--help", state=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.startswith("usage: medguild audit verify")
    assert "--settings" not in shown.stdout


def test_every_command_in_the_list_is_there() -> None:
    for words, (name, _) in COMMANDS.items():
        assert resolve([*words, "--json"]) == (name, " ".join(words), ["--json"])


def test_unknown_words_name_what_is_near() -> None:
    with pytest.raises(CommandError, match="Did you mean: audit verify") as told:
        resolve(["audit", "prove"])
    assert told.value.returncode == 2
    with pytest.raises(CommandError, match="there is no command 'fly'. `medguild help` lists them all"):
        resolve(["fly", "away"])


@pytest.mark.parametrize(
    ("url", "says"),
    [(NOWHERE, "check host and port"), ("postgresql://127.0.0.1/x?nonsense=1", "check what stands after '?'")],
)
def test_a_wrong_url_is_one_line(tmp_path: Path, url: str, says: str) -> None:
    told = run("migrate", state=tmp_path, MEDGUILD_DATABASE_URL=url)
    assert told.returncode == 1
    assert says in told.stderr
    assert told.stderr.startswith("medguild: ")
    assert told.stderr.count("\n") == 1
    assert "secret-word" not in told.stderr


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    told = run("migrate", state=tmp_path, MEDGUILD_DATABASE_URL=server_url("no_such_house"))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "make that database first" in told.stderr


@pytest.mark.parametrize("words", [["serve", "--port", "1"], ["token", "create", "--role", "scheduler"]])
def test_a_database_without_tables(tmp_path: Path, words: list[str]) -> None:
    told = run(*words, state=tmp_path, MEDGUILD_DATABASE_URL=server_url("template1"))
    assert told.returncode in (1, 2)
    assert told.stderr.count("\n") == 1


def test_doctor_tells_what_is_wrong_with_the_database(tmp_path: Path) -> None:
    told = run("doctor", "--json", state=tmp_path)
    assert told.returncode == 1
    report = json.loads(told.stdout)
    database = next(check for check in report["checks"] if check["check"] == "database")
    assert (report["ok"], database["ok"]) == (False, False)
    assert "check host and port" in database["advice"]


def test_the_worker_knows_the_jobs_of_all_wings() -> None:
    app.perform_import_paths()
    assert {"demo.play_money", "events.seal", "work.escalate_overdue"} <= set(app.tasks)
