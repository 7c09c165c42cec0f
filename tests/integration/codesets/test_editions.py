"""Editions follow each other, look-ups take the day, files are refused by line."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.codesets import selectors, services
from medguild.foundation.codesets.bundled import BUNDLES
from medguild.foundation.codesets.models import Code, CodeSet
from medguild.foundation.codesets.rules import CodeRow, Difference, System
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
T = System.TAXONOMY
JAN, APR, JUL, OCT = (dt.date(2026, month, 1) for month in (1, 4, 7, 10))


def load(version: str, start: dt.date, *codes: str, checksum: str = "", **more: Any) -> CodeSet:
    rows = [CodeRow(code, f"Label of {code}") for code in codes]
    return services.load_edition(
        system=T, version=version, rows=rows, start=start, source="test", checksum=checksum or version, by=HOUSE, **more
    )


def periods() -> dict[str, tuple[dt.date, dt.date | None]]:
    return {one.version: (one.period.lower, one.period.upper) for one in CodeSet.objects.filter(system=T)}


def test_a_new_edition_ends_the_one_before() -> None:
    load("a", JAN, "A", "OLD")
    load("c", JUL, "A", "NEW")
    assert periods() == {"a": (JAN, JUL), "c": (JUL, None)}
    load("b", APR, "A")
    assert periods() == {"a": (JAN, APR), "b": (APR, JUL), "c": (JUL, None)}
    assert selectors.check(T, "old", dt.date(2026, 3, 31)).ok is True
    assert selectors.check(T, "OLD", APR).code == "unknown_code"
    assert selectors.check(T, "NEW", OCT).ok is True


def test_a_withdrawn_edition_gives_its_time_back() -> None:
    load("a", JAN, "A")
    b = load("b", APR, "A")
    load("c", JUL, "A")
    services.withdraw_edition(edition=b, by=HOUSE)
    assert periods() == {"a": (JAN, JUL), "c": (JUL, None)}
    assert not Code.objects.filter(code_set_id=b.pk).exists()


def test_loading_again_changes_nothing_and_other_content_needs_a_name() -> None:
    first = load("a", JAN, "A")
    assert load("a", JAN, "B") == first
    with pytest.raises(Conflict):
        load("a", JAN, "B", checksum="other")
    with pytest.raises(Conflict):
        load("b", JAN, "B")
    replaced = load("a", JAN, "B", checksum="other", replace=True)
    assert (replaced.codes_count, periods()) == (1, {"a": (JAN, None)})
    assert selectors.lookup(T, "A", JAN) is None


def test_days_without_an_edition_are_answered_by_the_nearest_and_say_so() -> None:
    assert selectors.check(T, "A", JAN).code == "no_code_set"
    assert selectors.edition_on(T, JAN) is None
    assert selectors.search(T, "A", JAN) == []
    assert selectors.lookup_many(T, ["A"], JAN) == {}
    load("a", APR, "A")
    load("b", JUL, "B")
    assert selectors.check(T, "A", JAN).code == "valid_in_nearest_edition"
    unknown = selectors.check(T, "B", JAN)
    assert (unknown.ok, unknown.code) == (None, "edition_missing")


def test_codes_with_days_of_their_own() -> None:
    rows = [
        CodeRow("A", "Until July", valid_to=JUL),
        CodeRow("B", "From July", valid_from=JUL),
        CodeRow("H", "x", {}, False),
    ]
    services.load_edition(system=T, version="a", rows=rows, start=JAN, source="t", checksum="t", by=HOUSE)
    assert [selectors.check(T, code, day).ok for code in "AB" for day in (APR, JUL)] == [True, False, False, True]
    assert selectors.check(T, "H", APR).code == "heading"
    found = {one.code: one.valid for one in selectors.search(T, "july", JUL)}
    assert found == {"A": False, "B": True}
    assert selectors.search(T, "x", JUL, only_selectable=True) == []


def test_the_bundled_lists_load_once(world: World) -> None:
    told = Event.objects.unscoped("test").filter(type="codesets.loaded")
    before = told.count()
    first = services.load_reference(by=HOUSE)
    assert {one.system for one in first} == {bundle.system for bundle in BUNDLES}
    assert [one.pk for one in services.load_reference(by=HOUSE)] == [one.pk for one in first]
    assert told.count() == before + len(BUNDLES)
    found = selectors.lookup(System.CARC, "45", JAN)
    assert found is not None
    assert found.attributes["denial_category"]
    assert selectors.lookup(System.PFS_INDICATOR, "global_days:090", JAN) is not None
    assert selectors.lookup(System.PROCEDURE, "99213", JAN) is not None
    assert selectors.search(System.CARC, "%", JAN) == []
    assert selectors.search(System.CARC, "1_", JAN) == []


GOOD = b"code,label,valid_from\nA,Alpha,\nB,Beta,2026-05-01\n"


def bring(content: bytes, version: str = "v", **more: Any) -> Difference:
    given = {"start": JAN, "source": "test", "by": HOUSE, **more}
    return services.import_codes(system=T, version=version, content=content, **given)


def test_a_licensed_file_is_tried_dry_and_then_loaded() -> None:
    assert bring(GOOD, dry_run=True) == Difference(2, 0, 0)
    assert not CodeSet.objects.exists()
    assert bring(b"\xef\xbb\xbf" + GOOD) == Difference(2, 0, 0)
    assert bring(b"code,label\nA,Alef\nC,Gamma\n", "w", start=JUL) == Difference(added=1, removed=1, changed=1)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"code,label\nA,\n", 2), (b"\xff\xfe", 1), (b"", 1), (b'code,label\nA,"' + b"x" * 200_000, 1)],
)
def test_a_faulty_file_loads_nothing(content: bytes, line: int) -> None:
    with pytest.raises(services.FileRefused) as refused:
        bring(content)
    assert refused.value.errors[0].line == line
    assert not CodeSet.objects.exists()


def test_the_import_command(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_bytes(GOOD)
    given = ["taxonomy", str(file), "--edition", "x", "--from", "2026-01-01"]
    out = StringIO()
    call_command("codesets_import", *given, "--dry-run", stdout=out)
    assert "would be added" in out.getvalue()
    out = StringIO()
    call_command("codesets_import", *given, "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"added": 2, "removed": 0, "changed": 0}
    file.write_bytes(GOOD + b"A,again,\n")
    with pytest.raises(CommandError, match="line 4: the code stands already in line 2"):
        call_command("codesets_import", *given)
    file.write_bytes(GOOD + b"C,new,\n")
    with pytest.raises(CommandError, match="name another version"):
        call_command("codesets_import", *given)
    with pytest.raises(CommandError, match="cannot read"):
        call_command(
            "codesets_import", "taxonomy", str(tmp_path / "none.csv"), "--edition", "x", "--from", "2026-01-01"
        )


def test_the_picker_speaks_json_and_options(world: World, client: Client) -> None:
    services.load_reference(by=HOUSE)
    client.force_login(world.user(Role.CODER))
    url = reverse("codesets:search", args=["place_of_service"])
    codes = client.get(url, {"q": "off", "on": "2026-03-01", "leaf": "1"}).json()["codes"]
    assert {"code": "11", "label": "Office", "selectable": True, "valid": True} in codes
    options = client.get(url, {"q": "11", "on": "soon"}, headers={"HX-Request": "true"}).content.decode()
    assert '<option value="11">11 Office</option>' in options
    assert client.get(reverse("codesets:search", args=["nonsense"])).status_code == 404
    assert "Places of service" in client.get(reverse("codesets:index")).content.decode()


def test_nothing_loaded_is_told(world: World, client: Client) -> None:
    client.force_login(world.user(Role.CODER))
    assert "No code sets yet" in client.get(reverse("codesets:index")).content.decode()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("code_set_system_known", {"system": "tarot"}),
        ("code_set_version_once", {"version": "a", "period": DateRange(OCT, None)}),
        ("code_set_one_in_force", {"period": DateRange(dt.date(2026, 2, 1), APR)}),
        ("code_set_period_whole", {"period": DateRange(None, dt.date(2020, 1, 1))}),
    ],
)
def test_constraints_of_editions(name: str, change: dict[str, Any]) -> None:
    held = load("a", JAN, "A")
    CodeSet.objects.filter(pk=held.pk).update(period=DateRange(JAN, JUL))
    given = {
        "system": T, "version": "b", "period": DateRange(JUL, None), "source": "t", "checksum": "t", "codes_count": 0,
        "loaded_by": "t", "loaded_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CodeSet.objects.create(**{**given, **change})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("code_once_per_set", {"key": "A"}),
        ("code_has_label", {"label_text": ""}),
        ("code_period_not_empty", {"period": DateRange(JAN, JAN)}),
    ],
)
def test_constraints_of_codes(name: str, change: dict[str, Any]) -> None:
    given = {"code_set": load("a", JAN, "A"), "code": "B", "key": "B", "label_text": "x", "words": "x", "rank": 1}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Code.objects.create(**{**given, **change})
