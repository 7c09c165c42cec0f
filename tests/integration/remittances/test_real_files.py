"""All real 835 files: nothing crashes, nothing is lost, the books balance, a second import changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Sum

from medguild.foundation.documents.selectors import content_of, documents_of
from medguild.foundation.events.models import Event
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.revenue.remittances.importing import FileOutcome, import_remittances
from medguild.revenue.remittances.models import Remittance, RemittanceClaim, RemittanceFile
from medguild.revenue.remittances.rules import Outcome, RemittanceStatus
from tests.factories.revenue import make_billing
from tests.factories.world import HOUSE, World
from tests.support import shared_data
from tests.support_x12 import cents_of

pytestmark = pytest.mark.django_db
FOLDER = shared_data() / "x12"
FILES = sorted(FOLDER.glob("*.835"))


def _balanced() -> dict[str, bool]:
    """What the independent oracle says of each file, from the index beside the files."""
    rows = (line for line in (FOLDER / "INDEX.md").read_text().splitlines() if re.match(r"\| \S+\.835 \|", line))
    return {line.split("|")[1].strip(): "NOT BALANCED" not in line for line in rows}


BALANCED = _balanced()


def _import(path: Path) -> FileOutcome:
    return import_remittances(content=path.read_bytes(), filename=path.name, by=HOUSE)


def _everything() -> dict[str, int]:
    models = (Remittance, RemittanceClaim, RemittanceFile, Entry, Posting, Event, WorkItem, UnownedNeed)
    return {model.__name__: model.objects.unscoped("the test counts").count() for model in models}


def _sum(code: Chart) -> int:
    rows = Posting.objects.unscoped("the test adds up").filter(ledger_account__code=code)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


@pytest.fixture
def office(world: World) -> World:
    make_billing(world)
    return world


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_one_file_posts_whole_or_waits(path: Path, office: World) -> None:
    found = _import(path)

    assert found.readable
    for one in found.remittances:
        row = Remittance.objects.unscoped("the test looks").get(pk=one.remittance_id)
        if one.outcome is Outcome.POSTED:
            kept = RemittanceClaim.objects.unscoped("the test looks").filter(remittance=row)
            assert kept.count() == one.claims
            assert row.amount == row.claim_total - row.provider_total
        else:
            assert one.outcome is Outcome.QUARANTINED
            assert row.hold
            assert row.entry is None
    posted = [one.amount for one in found.remittances if one.outcome is Outcome.POSTED]
    assert _sum(Chart.UNDEPOSITED) == sum(posted)
    assert _sum(Chart.UNAPPLIED) == -sum(posted)  # no payee and no claim of these files is ours
    if not BALANCED[path.name]:
        assert any(one.outcome is Outcome.QUARANTINED for one in found.remittances)


def test_all_files_twice(office: World) -> None:
    first = [_import(path) for path in FILES]
    outcomes = Counter(one.outcome for file in first for one in file.remittances)
    before = _everything()

    second = [_import(path) for path in FILES]

    assert _everything() == before
    again = Counter(one.outcome for file in second for one in file.remittances)
    assert again[Outcome.POSTED] == 0
    assert again[Outcome.ALREADY_POSTED] == outcomes[Outcome.POSTED] + outcomes[Outcome.ALREADY_POSTED]
    assert sum(again.values()) == sum(outcomes.values())
    total = Posting.objects.unscoped("the test adds up").aggregate(total=Sum("amount"))["total"]
    assert total == 0
    rows = Remittance.objects.unscoped("the test looks").filter(status=RemittanceStatus.POSTED)
    assert _sum(Chart.UNDEPOSITED) == rows.aggregate(total=Sum("amount"))["total"]
    assert WorkItem.objects.unscoped("x").count() + UnownedNeed.objects.unscoped("x").count() >= rows.count()


@pytest.mark.parametrize(
    ("name", "cents"),
    [("own_835_unbalanced_bpr.835", cents_of("0.01")), ("own_835_unbalanced_line.835", cents_of("1.00"))],
)
def test_the_difference_is_told(name: str, cents: int, office: World) -> None:
    (one,) = _import(FOLDER / name).remittances

    assert one.outcome is Outcome.QUARANTINED
    assert one.hold == "unbalanced"
    assert abs(one.difference) == cents


def test_the_bytes_are_kept(office: World) -> None:
    path = FOLDER / "own_835_delims_gs_us.835"
    _import(path)

    file = RemittanceFile.objects.unscoped("the test looks").get()
    (kept,) = documents_of(HOUSE, "remittance_file", file.pk)
    assert content_of(kept) == path.read_bytes()
