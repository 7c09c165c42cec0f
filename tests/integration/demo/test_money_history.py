"""The money of the past stands as the services would have written it, at rates that are published for practices."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db.models import Avg, F, Sum
from django.db.models.functions import TruncDate
from django.test import Client

from medguild.demo import plan
from medguild.foundation.access.models import User
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.checks import check_dimensions
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.rules import Chart, same_lines
from medguild.foundation.ledger.selectors import balances_of
from medguild.foundation.ledger.services import lines_of as ledger_lines
from medguild.operations.chart.models import Note
from medguild.operations.chart.selectors import visits_without_charge
from medguild.operations.chart.services import untouched
from medguild.operations.visits.models import Visit
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.assembly import answers_for, record_of
from medguild.revenue.claims.export import as_plain
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.models import Drawer
from medguild.revenue.receipts.standing import standings
from medguild.revenue.remittances.applying import apply
from medguild.revenue.remittances.context import known_for
from medguild.revenue.remittances.facts import ClaimSaid, ReasonSaid, ServiceSaid
from medguild.revenue.remittances.measures import days_in_ar, initial_denial_rate
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim, RemittanceLine
from medguild.revenue.remittances.posting_rules import cash, settle_provider_adjustment, together
from medguild.revenue.remittances.rules import DenialOutcome
from medguild.revenue.statements.records import service
from tests.integration.demo.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("group")]
HOUSE = Actor.job("test")
WHY = "a test looks at the whole group"


def _sum(*codes: Chart) -> int:
    rows = Posting.objects.unscoped(WHY).filter(ledger_account__code__in=[code.value for code in codes])
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def test_the_books_balance_and_point_to_what_exists() -> None:
    sums = Posting.objects.unscoped(WHY).order_by().values("entry_id", "entity_id").annotate(total=Sum("amount"))
    assert not sums.exclude(total=0).exists()
    assert check_dimensions(by=HOUSE) == []


def test_nearly_every_visit_is_charged_within_days() -> None:
    """What left in the last days may still be on its way."""
    until = dt.datetime.combine(TODAY - dt.timedelta(days=12), dt.time(), tzinfo=dt.UTC)
    left = Visit.objects.unscoped(WHY).filter(status="left", arrived_at__lt=until).count()
    without = visits_without_charge(HOUSE).filter(arrived_at__lt=until).count()

    assert 0 < without < 0.02 * left
    lag = Charge.objects.unscoped(WHY).aggregate(days=Avg(TruncDate("captured_at") - F("service_date")))["days"]
    assert dt.timedelta(days=1) <= lag <= dt.timedelta(days=3)


def test_denials_and_days_in_ar_lie_where_practices_lie() -> None:
    rate = initial_denial_rate(HOUSE, start=TODAY - dt.timedelta(days=90), end=TODAY)
    days = days_in_ar(HOUSE, as_of=TODAY).days

    assert rate.claims.percent is not None
    assert 8 < rate.claims.percent < 16
    assert days is not None
    assert 28 < days < 50


def test_of_old_charges_most_is_collected() -> None:
    """Matched by day of service, so that the beginning of the history does not count as a loss."""
    old = Posting.objects.unscoped(WHY).filter(service_date__lt=TODAY - dt.timedelta(days=110))
    sums = dict(old.order_by().values_list("ledger_account__code").annotate(total=Sum("amount")))
    net = -sums[Chart.CHARGES] - sums[Chart.CONTRACTUAL]
    open_or_lost = sum(
        sums.get(code, 0)
        for code in (
            Chart.INSURANCE_AR,
            Chart.PATIENT_AR,
            Chart.DENIAL_WRITE_OFF,
            Chart.BAD_DEBT,
            Chart.PAYER_REDUCTION,
        )
    )

    assert 0.90 < 1 - open_or_lost / net < 0.99


def test_approvals_are_missing_where_the_plan_says_so() -> None:
    (trouble,) = plan.AUTHORIZATION_TROUBLES
    lines = RemittanceLine.objects.unscoped(WHY).filter(remittance_claim__first=True, code__in=trouble.codes)
    since = TODAY - dt.timedelta(days=trouble.days)

    def share(rows) -> float:  # type: ignore[no-untyped-def]
        refused = sum(any(one["reason"] == "197" for one in line.adjustments) for line in rows)
        return refused / max(1, len(rows))

    after, before = lines.filter(service_date__gte=since), lines.filter(service_date__lt=since)
    assert len(after) > 20
    assert share(after) > 0.25
    assert share(before) < 0.10


def test_notes_are_whole_and_claims_stand_as_the_exporter_freezes_them() -> None:
    notes = Note.objects.unscoped(WHY).filter(status="signed").select_related("visit__site__site").order_by("digest")
    assert all(untouched(note) for note in notes[:40])

    rows = Claim.objects.unscoped(WHY).filter(sent__isnull=False).order_by("-sent_at")
    related = ("coverage__plan", "payer", "patient", "billing_identity", "rendering__person", "replaces")
    claims = list(rows.select_related(*related)[:1500:50])
    assert len(claims) > 20
    answers = answers_for(claims)
    for claim in claims:
        assert claim.sent == as_plain(record_of(claim, answers))


def test_money_of_patients_lies_where_the_service_would_put_it() -> None:
    """Applying again changes nothing, and every account explains its balance charge by charge."""
    paying = GuarantorAccount.objects.unscoped(WHY).filter(receipts__isnull=False).distinct().order_by("number")[:120]
    for account in paying:
        assert apply_unapplied(account_id=account.pk, by=HOUSE) == []
        found, stands = standings(account.pk), balances_of([account.pk])[account.pk]
        assert sum(one.left for one in found) == stands.patient
        assert sum(one.pending for one in found) == stands.insurance
        assert all(one.charge is not None for one in found)


def test_remittances_are_posted_as_the_rules_post_them() -> None:
    rows = Remittance.objects.unscoped(WHY).filter(claim_count__lte=12, entry__isnull=False).order_by("-received_at")
    mixed = list(rows.filter(claims__claim_status="22").distinct()[:3])
    assert mixed
    for row in [*mixed, *rows[:12]]:
        entry = Entry.objects.unscoped(WHY).get(source_key=f"remittance:{row.pk}")
        assert entry.pk == row.entry_id
        assert same_lines(ledger_lines(entry), _by_the_rules(row))


def _by_the_rules(row: Remittance):  # type: ignore[no-untyped-def]
    said = [_said(one) for one in RemittanceClaim.objects.unscoped(WHY).filter(remittance=row).order_by("number")]
    reasons = {reason.reason for one in said for part in one.services for reason in part.reasons}
    known = known_for(
        {one.patient_control for one in said}, reasons, payer=row.payer, capitated=False, on=row.payment_date or TODAY
    )
    lines = [cash(row.entity_id, row.payer_id, row.amount)]
    for one in said:
        claim = known.claim(one.patient_control)
        assert claim is not None
        lines += apply(one, claim, known).postings
    for other in row.provider_adjustments.unscoped(WHY):
        lines.append(settle_provider_adjustment(row.entity_id, row.payer_id, other.reason, other.amount))
    return together(lines)


def _said(row: RemittanceClaim) -> ClaimSaid:
    lines = RemittanceLine.objects.unscoped(WHY).filter(remittance_claim=row).order_by("number")
    services = tuple(
        ServiceSaid(
            line.charge, line.paid,
            tuple(ReasonSaid(one["group"], one["reason"], one["amount"]) for one in line.adjustments),
            line.control, line.code, service_date=line.service_date,
        )
        for line in lines
    )  # fmt: skip
    return ClaimSaid(
        row.number, row.patient_control, row.payer_control, row.claim_status, row.charge, row.paid, services
    )


def test_denials_end_as_people_would_end_them() -> None:
    outcomes = Counter(Denial.objects.unscoped(WHY).values_list("outcome", flat=True))

    assert outcomes[DenialOutcome.DECIDED_ANEW] > outcomes[DenialOutcome.WRITTEN_OFF] > 0
    assert outcomes[""] > 0
    assert _sum(Chart.DENIAL_WRITE_OFF) == sum(
        Denial.objects.unscoped(WHY).filter(outcome=DenialOutcome.WRITTEN_OFF).values_list("amount", flat=True)
    )


def test_drawers_are_counted_and_hold_nothing_any_more() -> None:
    drawers = Drawer.objects.unscoped(WHY)
    assert drawers.count() > 20
    assert not drawers.filter(status="open").exists()
    assert _sum(Chart.DRAWER) == 0


def test_a_balance_opens_down_to_the_remittance_line() -> None:
    line = (
        ClaimLine.objects.unscoped(WHY)
        .filter(claim__status="paid", charge__allocations__isnull=False)
        .select_related("claim__account", "charge")
        .order_by("control")
        .first()
    )
    assert line is not None
    found = service(HOUSE, line.claim.account, line.charge_id)

    assert found.said
    assert found.payments
    assert found.postings
    assert found.line.standing.charged == line.amount


def test_pages_of_money_show_the_history(client: Client) -> None:
    client.force_login(User.objects.get(email="bill.biller@larkspur.example"), backend=None)
    claim = (
        Claim.objects.unscoped(WHY).filter(status="paid", entity__name="Larkspur Medical Group").order_by("-sent_at")
    )
    remittance = Remittance.objects.unscoped(WHY).filter(entity__name="Larkspur Medical Group").order_by("-received_at")

    assert claim[0].number in client.get(f"/claims/{claim[0].pk}/").content.decode()
    assert remittance[0].trace_number in client.get("/remittances/").content.decode()
