"""The pages as a payment poster meets them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Unit
from medguild.revenue.claims.models import Claim
from medguild.revenue.remittances.models import Remittance, RemittanceClaim
from medguild.revenue.remittances.showing import waterfall
from tests.factories.remittances import Desk, answer, as_file, plb, service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def _client(desk: Desk, role: Role = Role.PAYMENT_POSTER, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(
        desk.world.user(role, unit or desk.billing.office.entity),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def _upload(client: Client, desk: Desk, content: bytes) -> str:
    file = SimpleUploadedFile("era.835", content)
    answered = client.post(reverse("remittances:upload"), {"file": file, "entity": str(desk.entity_id)})
    assert answered.status_code == 200, answered.content
    return answered.content.decode()


@pytest.fixture
def claim(desk: Desk) -> Claim:
    return desk.sent("99213", "93000")


def test_a_dropped_file_is_posted_and_every_number_opens(desk: Desk, claim: Claim) -> None:
    first, second = desk.lines(claim)
    said = answer(
        claim.number, service(first, 10_000, ("CO", "45", 6_500), ("PR", "3", 1_000)),
        service(second, 0, ("CO", "50", second.amount)),
    )  # fmt: skip
    content = as_file(desk.remittance(said, plb=[plb("L6", -321)]))
    client = _client(desk)

    assert "Posted" in _upload(client, desk, content)
    assert "nothing changed" in _upload(client, desk, content)

    row = Remittance.objects.unscoped("the test looks").get()
    page = client.get(reverse("remittances:show", args=[row.pk])).content.decode()
    assert "$103.21" in page
    steps, chart = waterfall(row)
    amounts = [cents for _name, cents, _href in steps]
    start, claims, end = chart.totals
    assert (chart.kind, start, end) == ("waterfall", 0, len(steps) - 1)
    assert sum(amounts[start:claims]) == amounts[claims], "charged less what was adjusted is what claims were paid"
    assert sum(amounts[claims:end]) == amounts[end], "and with what stands beside them, the payment"
    assert claim.number in page
    held = RemittanceClaim.objects.unscoped("the test looks").get()
    lines = client.get(reverse("remittances:claim", args=[row.pk, held.pk])).content.decode()
    assert "CO-45" in lines
    assert "Denied" in lines
    assert reverse("claims:show", args=[claim.pk]) in lines
    denials = client.get(reverse("remittances:denials")).content.decode()
    assert "Medical necessity" in denials
    assert claim.number in denials
    assert client.get(f"{reverse('remittances:list')}?_export=remittances").status_code == 200


def test_what_is_damaged_is_told_on_the_page(desk: Desk) -> None:
    client = _client(desk)
    assert "cannot be read" in _upload(client, desk, b"no X12 at all")


def test_quarantine_tells_difference_and_reason(desk: Desk, claim: Claim) -> None:
    (first, _second) = desk.lines(claim)
    good = desk.remittance(answer(claim.number, service(first, first.amount)))
    odd = replace(good, header=replace(good.header, payment_cents=good.header.payment_cents + 150))
    client = _client(desk)

    assert "$1.50" in _upload(client, desk, as_file(odd))
    row = Remittance.objects.unscoped("the test looks").get()
    assert "$1.50" in client.get(reverse("remittances:quarantine")).content.decode()
    page = client.get(reverse("remittances:show", args=[row.pk])).content.decode()
    assert "does not balance" in page

    client.post(reverse("remittances:check", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "quarantined"
    client.post(reverse("remittances:set_aside", args=[row.pk]), {"reason": "Sent again"})
    assert Remittance.objects.unscoped("the test looks").get().status == "set_aside"


def test_suspense_is_placed_by_hand(desk: Desk, claim: Claim) -> None:
    first, second = desk.lines(claim)
    lost = answer("LOST1", service(first, first.amount), service(second, second.amount))
    client = _client(desk)
    _upload(client, desk, as_file(desk.remittance(lost)))
    held = RemittanceClaim.objects.unscoped("the test looks").get()
    url = reverse("remittances:place", args=[held.pk])
    assert url in client.get(reverse("remittances:suspense")).content.decode()

    assert client.post(url, {"number": "NONE"}).status_code == 422
    assert client.post(url, {"number": claim.number.lower()}).status_code == 302
    assert desk.claim(claim).status == "paid"
    assert client.get(url).status_code == 404


def test_another_member_sees_nothing(desk: Desk, claim: Claim) -> None:
    first, second = desk.lines(claim)
    said = answer(claim.number, service(first, first.amount), service(second, second.amount))
    desk.take(desk.remittance(said, trace_number="SECRET77"))
    row = Remittance.objects.unscoped("the test looks").get()
    stranger = _client(desk, unit=desk.world.member_a.entity)

    assert "SECRET77" not in stranger.get(reverse("remittances:list")).content.decode()
    assert stranger.get(reverse("remittances:show", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("ledger:entry", args=[row.entry_id])).status_code == 404
