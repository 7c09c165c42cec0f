"""Every constraint of the bump list, violated once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.bumps.models import Bump, BumpContact
from medguild.operations.bumps.rules import Contact
from medguild.operations.bumps.services import bump, note_contact
from tests.factories.scheduling import schedule
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def listed(world: World) -> Bump:
    (row,) = bump(appointments=[schedule(world).book(9)], reason="Clinician on leave", by=HOUSE)
    return row


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("bump_cause_known", {"cause": "weather"}),
        ("bump_status_known", {"status": "lost", "settled_at": now()}),
        ("bump_has_reason", {"reason": ""}),
        ("bump_settled_whole", {"settled_at": now()}),
    ],
)
def test_refused_by_the_database(world: World, name: str, changes: dict[str, Any]) -> None:
    row = listed(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Bump.objects.unscoped("test").filter(pk=row.pk).update(**changes)


def test_a_visit_stands_on_the_list_once(world: World) -> None:
    row = listed(world)
    row.id = Bump._meta.pk.get_default()
    with pytest.raises(IntegrityError, match="bump_open_once"), transaction.atomic():
        row.save(force_insert=True)


def test_the_outcome_of_a_call_is_known(world: World) -> None:
    made = note_contact(row=listed(world), outcome=Contact.REACHED, by=HOUSE)
    with pytest.raises(IntegrityError, match="bump_contact_outcome_known"), transaction.atomic():
        BumpContact.objects.unscoped("test").filter(pk=made.pk).update(outcome="shouted")
