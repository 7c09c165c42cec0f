"""Loading editions of code sets."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence

import orjson
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from medguild.foundation.codesets import rules
from medguild.foundation.codesets.bundled import BUNDLES, SINCE, VERSION, read_bundle
from medguild.foundation.codesets.models import Code, CodeSet
from medguild.foundation.codesets.rules import CodeRow, Difference, LineError, System
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.kernel.ids import new_id

LOADED = declare_event("codesets.loaded", "Code set loaded", icon="database-import")
WITHDRAWN = declare_event("codesets.withdrawn", "Code set withdrawn", icon="database-off")
_MANY = 5_000
_COPY = (
    "copy foundation_code (id, code_set_id, code, key, label_text, words, rank, selectable, attributes, period)"
    " from stdin"
)


class FileRefused(Refusal):
    """A file of codes has errors; `errors` names them by line. Nothing was loaded."""

    code = "file_refused"

    def __init__(self, errors: Sequence[LineError]) -> None:
        words = _("The file has %(count)d error(s); nothing was loaded.") % {"count": len(errors)}
        super().__init__(words, field="file")
        self.errors = tuple(errors)


@transaction.atomic
def load_edition(
    *,
    system: System,
    version: str,
    rows: Iterable[CodeRow],
    start: dt.date,
    source: str,
    checksum: str,
    by: Actor,
    at: dt.datetime | None = None,
    replace: bool = False,
) -> CodeSet:
    """Load an edition that is in force from `start` until the next later edition.

    The edition before it ends there. The same version with the same checksum is left alone; with another checksum it
    is refused (Conflict), or replaced where `replace` is set.
    """
    held = CodeSet.objects.select_for_update().filter(system=system, version=version).first()
    if held is not None:
        if held.checksum == checksum and held.period.lower == start:
            return held
        if not replace:
            raise Conflict(_("This version is loaded already with other content; name another version."))
        _remove(held)
    edition = CodeSet.objects.create(
        system=system, version=version, period=_make_room(system, start), source=source, checksum=checksum,
        codes_count=0, loaded_by=by.label, loaded_at=at or now(),
    )  # fmt: skip
    edition.codes_count = _copy(edition, rows)
    edition.save(update_fields=["codes_count"])
    if edition.codes_count > _MANY:
        _settle()
    _tell(LOADED, edition, by)
    return edition


@transaction.atomic
def withdraw_edition(*, edition: CodeSet, by: Actor) -> None:
    """Take an edition back; the one before it is in force again until the next."""
    held = CodeSet.objects.select_for_update().get(pk=edition.pk)
    _remove(held)
    _tell(WITHDRAWN, held, by)


def load_reference(*, by: Actor) -> list[CodeSet]:
    """Load all bundled lists; a list that has not changed is left alone, a changed one is replaced."""
    return [
        load_edition(
            system=bundle.system,
            version=VERSION,
            rows=read_bundle(bundle),
            start=SINCE,
            source=bundle.source,
            checksum=hashlib.sha256(bundle.path.read_bytes()).hexdigest(),
            by=by,
            replace=True,
        )
        for bundle in BUNDLES
    ]


@transaction.atomic
def import_codes(
    *, system: System, version: str, content: bytes, start: dt.date, source: str, by: Actor, dry_run: bool = False
) -> Difference:
    """Load a licensed set from a CSV that the user supplies (code, label, valid_from, valid_to, further columns).

    Returns what it changes against the edition in force that day; with `dry_run` nothing is loaded.
    Raises FileRefused with the errors by line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused([LineError(1, "the file is not UTF-8 text")]) from None
    try:
        rows, errors = rules.read_codes(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise FileRefused([LineError(1, f"the file is not a readable CSV: {error}")]) from None
    if errors:
        raise FileRefused(errors)
    in_force = Code.objects.filter(code_set__system=system, code_set__period__contains=start)
    found = rules.difference(dict(in_force.values_list("key", "label_text")), rows)
    if not dry_run:
        load_edition(
            system=system, version=version, rows=rows, start=start, source=source,
            checksum=hashlib.sha256(content).hexdigest(), by=by,
        )  # fmt: skip
    return found


def _make_room(system: System, start: dt.date) -> DateRange:
    """End the edition in force at `start`; the period runs to the next later edition."""
    editions = CodeSet.objects.select_for_update().filter(system=system).order_by("period")
    later = [edition.period.lower for edition in editions if edition.period.lower >= start]
    if start in later:
        raise Conflict(_("Another version of this set starts on the same day."))
    for edition in editions:
        if edition.period.lower < start and (edition.period.upper is None or edition.period.upper > start):
            edition.period = DateRange(edition.period.lower, start)
            edition.save(update_fields=["period"])
    return DateRange(start, min(later, default=None))


def _remove(edition: CodeSet) -> None:
    """Delete an edition and let the one that ended where it began run on to its end."""
    period, system = edition.period, edition.system
    Code.objects.filter(code_set=edition).delete()
    CodeSet.objects.filter(pk=edition.pk).delete()
    before = CodeSet.objects.filter(system=system, period__endswith=period.lower).first()
    if before is not None:
        before.period = DateRange(before.period.lower, period.upper)
        before.save(update_fields=["period"])


def _copy(edition: CodeSet, rows: Iterable[CodeRow]) -> int:
    """Common codes first: a search that must stop early then stops after the likely ones."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in sorted(rows, key=rules.rank_of):
            copy.write_row(
                (
                    new_id(), edition.pk, row.code, rules.key_of(row.code), row.label, rules.words_of(row.label),
                    rules.rank_of(row), row.selectable, orjson.dumps(dict(row.attributes)).decode(), _period(row),
                )
            )  # fmt: skip
            count += 1
    return count


def _settle() -> None:
    """New words wait in a list beside the index, which a search should not have to read; and the planner must know
    that the table has grown."""
    with connection.cursor() as cursor:
        cursor.execute("select gin_clean_pending_list('code_by_word'::regclass)")
        cursor.execute("analyze foundation_code")


def _period(row: CodeRow) -> str | None:
    if row.valid_from is None and row.valid_to is None:
        return None
    return f"[{row.valid_from or ''},{row.valid_to or ''})"


def _tell(event: str, edition: CodeSet, by: Actor) -> None:
    record(
        event,
        subject=SubjectRef("code_set", edition.pk, edition.label()),
        by=by,
        data={"system": edition.system, "version": edition.version, "codes": edition.codes_count},
    )
