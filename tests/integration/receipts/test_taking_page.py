"""The page on which a payment is taken: a slip of the hand is asked about, not booked."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.ids import new_id
from medguild.revenue.receipts.models import Receipt
from tests.factories.receipts import Desk, make_desk
from tests.factories.world import World


def _send(world: World, desk: Desk, amount: str, purpose: str) -> int:
    client = Client()
    client.force_login(world.user(Role.FRONT_DESK), backend="allauth.account.auth_backends.AuthenticationBackend")
    said = {
        "receipt_id": new_id(),
        "site": desk.office.site_unit.pk,
        "patient": desk.patient.pk,
        "amount": amount,
        "method": "card",
        "purpose": purpose,
    }
    return client.post(reverse("receipts:take", args=[desk.account.pk]), said).status_code


def test_more_than_is_owed_is_taken_only_as_a_prepayment(world: World) -> None:
    desk = make_desk(world)
    desk.owe(2_380)
    taken = Receipt.objects.unscoped("test")
    assert _send(world, desk, "2380", "balance") == 422
    assert not taken.exists()
    assert _send(world, desk, "23.80", "balance") == 302
    assert _send(world, desk, "2380", "prepayment") == 302
    assert sorted(taken.values_list("amount", flat=True)) == [2_380, 238_000]
