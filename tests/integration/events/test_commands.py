"""Commands and jobs of the log and of tokens."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django import app

from medguild.foundation.access import tasks as access_tasks
from medguild.foundation.access.models import IdempotencyKey
from medguild.foundation.access.selectors import actor_of_token
from medguild.foundation.events import tasks
from medguild.foundation.events.anchors import anchor_file, read_anchors
from medguild.foundation.events.models import Seal
from medguild.foundation.events.proofs import BROKEN, PROVED, seal_status
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from tests.factories.world import World
from tests.integration.events.support import everything, superuser, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anchors(settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_FOLDER = tmp_path / "anchors"


def _verify(*arguments: str) -> tuple[int, str]:
    output = io.StringIO()
    try:
        call_command("audit_verify", *arguments, stdout=output)
    except SystemExit as end:
        return int(end.code or 0), output.getvalue()
    return 0, output.getvalue()


def test_a_whole_log_is_proved_with_exit_0() -> None:
    tell()
    tasks.seal()
    tell()
    code, words = _verify()
    assert code == 0
    assert "1 events under 1 seals, 1 of them anchored; 1 events wait" in words
    code, report = _verify("--json", "--seal")
    assert code == 0
    assert json.loads(report) | {"sealed_at": "?"} == {
        "ok": True, "seals": 2, "events": 2, "unsealed": 0, "broken": None, "anchors": 1, "sealed_at": "?",
    }  # fmt: skip


def test_an_edited_event_is_named_with_exit_1() -> None:
    told = [tell() for _ in range(3)]
    tasks.seal()
    with superuser() as cursor:
        cursor.execute("update foundation_event set cause = 'x' where id = %s", [told[1]])
    code, words = _verify()
    assert code == 1
    assert f"seal 1, event 2 of it ({told[1]}): the event was edited" in words
    code, report = _verify("--json")
    broken = {"seal": 1, "index": 2, "event_id": str(told[1]), "fault": "the event was edited"}
    assert (code, json.loads(report)["broken"]) == (1, broken)


def test_a_deleted_event_is_named_with_exit_1() -> None:
    told = [tell() for _ in range(3)]
    tasks.seal()
    with superuser() as cursor:
        cursor.execute("delete from foundation_event where id = %s", [told[2]])
    code, words = _verify()
    assert code == 1
    assert f"seal 1, event 3 of it ({told[2]}): the event was deleted" in words


def test_an_anchor_that_was_kept_elsewhere_shows_a_chain_made_anew(tmp_path: Path) -> None:
    tell()
    tasks.seal()
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(anchor_file().read_bytes())
    anchor_file().unlink()
    Seal.objects.all().delete()
    tasks.seal()
    assert _verify()[0] == 0
    code, words = _verify("--anchors", str(kept))
    assert code == 1
    assert "at seal 1: the seal is not the one that was anchored" in words


def test_the_sealing_job_seals_and_anchors_and_rests_when_nothing_is_new() -> None:
    tell()
    tasks.seal()
    tasks.seal()
    assert list(read_anchors(anchor_file())) == [1]
    assert Seal.objects.count() == 1


def test_the_daily_care_makes_partitions_ahead() -> None:
    later = now() + dt.timedelta(days=400)
    with time_machine.travel(later):
        tasks.care()
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s)", [f"foundation_event_{later:%Y%m}"])
        assert cursor.fetchone()[0] is not None


def test_a_proof_is_kept_as_an_event() -> None:
    told = tell()
    tasks.seal()
    tasks.prove_log()
    assert everything().filter(type=PROVED).count() == 1
    with superuser() as cursor:
        cursor.execute("delete from foundation_event where id = %s", [told])
    tasks.prove_log()
    status = seal_status()
    assert status.proof is not None
    assert status.proof.type == BROKEN
    assert status.proof.data["broken"]["event_id"] == str(told)


def test_jobs_are_known_to_the_worker_with_their_times() -> None:
    known = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert known["events.seal"] == "*/5 * * * * *"
    assert {"events.care", "events.prove", "access.tidy"} <= known.keys()


def test_old_answers_and_sessions_are_forgotten() -> None:
    for days in (1, 30):
        IdempotencyKey.objects.create(
            actor_id=new_id(), key="k", request_digest=b"x", created_at=now() - dt.timedelta(days=days)
        )
        Session.objects.create(session_key=f"s{days}", session_data="", expire_date=now() - dt.timedelta(days=days - 2))
    access_tasks.tidy()
    assert IdempotencyKey.objects.count() == 1
    assert [session.session_key for session in Session.objects.all()] == ["s1"]


def _token(*arguments: str) -> str:
    output = io.StringIO()
    call_command("token_create", *arguments, stdout=output)
    return output.getvalue()


def test_a_token_is_made_for_the_enterprise(world: World) -> None:
    _ = world.main
    made = json.loads(_token("--role", "scheduler", "--json"))
    actor = actor_of_token(made["token"])
    assert actor is not None
    assert (str(actor.id), made["unit"]) == (made["id"], str(world.enterprise.pk))
    assert world.main.site_unit.pk in actor.scope("organization.read").units


def test_a_token_for_a_unit_with_scopes(world: World) -> None:
    arguments = ("--role", "biller", "--unit", world.main.practice.name, "--scopes", "organization.read", "--days", "1")
    secret, words = _token(*arguments).splitlines()
    actor = actor_of_token(secret)
    assert actor is not None
    assert set(actor.scopes) == {"organization.read"}
    assert words.startswith(f"biller at {world.main.practice.name}, until ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--role", "scheduler", "--unit", "Nowhere"), "there is no unit like 'Nowhere'"),
        (("--role", "scheduler", "--unit", str(new_id())), "there is no unit"),
        (("--role", "scheduler", "--days", "0"), "1 or more"),
        (("--role", "scheduler", "--days", "99999999999"), "at most"),
        (("--role", "scheduler", "--scopes", "x.y"), "not known: x.y"),
        (("--role", "patient"), "invalid choice"),
    ],
)
def test_tokens_that_cannot_be_made(world: World, arguments: tuple[str, ...], words: str) -> None:
    _ = world.enterprise
    with pytest.raises(CommandError, match=words):
        _token(*arguments)


def test_a_proof_against_anchors_that_are_not_there_is_no_proof(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no file of anchors") as told:
        call_command("audit_verify", "--anchors", str(tmp_path / "gone.jsonl"))
    assert told.value.returncode == 2
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"\xff\xfe not anchors")
    with pytest.raises(CommandError, match="holds no anchors"):
        call_command("audit_verify", "--anchors", str(other))
