"""The real ICD-10-CM: loading, looking up, and a picker that answers at once."""

from __future__ import annotations

import datetime as dt
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.codesets import selectors
from medguild.foundation.codesets.models import Code, CodeSet
from medguild.foundation.codesets.rules import System
from tests.conftest import empty_event_log

TODAY = dt.date(2026, 11, 2)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker):  # type: ignore[no-untyped-def]
    """Loaded once for the module and taken out again, because it is 97,000 rows."""
    with django_db_blocker.unblock():
        began = time.process_time()
        out = StringIO()
        call_command("codesets_load", stdout=out)
        took = time.process_time() - began
        yield took, out.getvalue()
        CodeSet.objects.all().delete()
        empty_event_log()


def pages_read(text: str) -> int:
    """Pages of the database that one look-up touches: what its time is made of, the same on a busy machine."""
    with CaptureQueriesContext(connection) as captured:
        selectors.search(System.ICD10CM, text, TODAY, 20, only_selectable=True)
    total = 0
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("explain (analyze, buffers, timing off, format json) " + query["sql"].replace("%", "%%"))
            (plan,) = cursor.fetchone()[0]
        total += plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    return total


def test_everything_is_loaded_and_nothing_twice(db: None, loaded: tuple[float, str]) -> None:
    assert Code.objects.filter(code_set__system=System.ICD10CM, selectable=True).count() > 74_000
    before = CodeSet.objects.values_list("pk", "codes_count").order_by("pk")
    held = list(before)
    call_command("codesets_load", stdout=StringIO())
    assert list(before) == held


def test_codes_are_checked_on_the_day(db: None, loaded: tuple[float, str]) -> None:
    assert selectors.check(System.ICD10CM, "e119", TODAY).ok is True
    assert selectors.check(System.ICD10CM, "E11", TODAY).code == "heading"
    assert selectors.check(System.ICD10CM, "E11.99X", TODAY).code == "unknown_code"
    early = dt.date(2025, 6, 1)
    assert selectors.check(System.ICD10CM, "E11.9", early).code == "valid_in_nearest_edition"
    assert selectors.check(System.ICD10CM, "E11.99X", early).ok is None
    assert selectors.check(System.ICD10CM, "S72.001A", TODAY).ok is True


def test_the_picker_finds_what_is_meant(db: None, loaded: tuple[float, str]) -> None:
    def first(text: str) -> str:
        return selectors.search(System.ICD10CM, text, TODAY, only_selectable=True)[0].code

    assert first("I10") == "I10"
    assert first("essential hypert") == "I10"
    assert first("type 2 diab without") == "E11.9"
    assert first("J06") == "J06.0"
    assert first("meniere").startswith("H81.0")
    assert selectors.search(System.ICD10CM, "zzzz qqq", TODAY) == []


@pytest.mark.parametrize(
    "text", ["e", "E11", "diab", "fracture", "pain low back", "unspecified", "a", "displaced fract of"]
)
def test_the_picker_reads_few_pages(db: None, loaded: tuple[float, str], text: str) -> None:
    read = pages_read(text)
    print(f"search {text!r}: {read} pages")
    assert read < 1_000  # of the thousands that the codes fill; a thousand are a few milliseconds


def test_loading_takes_seconds(db: None, loaded: tuple[float, str]) -> None:
    """Own processor time, because the machine may be shared; the database takes about as long again."""
    took, out = loaded
    assert "icd10cm" in out
    assert took < 30
