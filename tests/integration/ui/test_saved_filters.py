"""Filters that people save: theirs alone, and never a way out of the house."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ui.models import SavedFilter
from medguild.foundation.ui.saved_filters import MOST, save_filter, saved_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
PEOPLE = "/organization/people/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_filter_is_saved_shown_on_its_page_opened_and_deleted(world: World) -> None:
    client = signed_in(world.user(Role.PRACTICE_MANAGER))
    save = reverse("ui:save_filter")
    data = {"path": PEOPLE, "query": "q=Doe&page=3&sort=-name", "name": "  All  Does "}
    answer = client.post(save, data)
    assert answer["Location"] == f"{PEOPLE}?q=Doe&sort=-name"
    page = client.get(PEOPLE).content.decode()
    assert "All Does" in page
    assert "?q=Doe&amp;sort=-name" in page
    client.post(save, data | {"query": "q=Roe"})
    kept = SavedFilter.objects.get()
    assert kept.query == "q=Roe", "the same name again replaces it"
    assert client.get(reverse("organization:tree")).status_code == 200
    assert client.post(reverse("ui:forget_filter", args=[kept.pk]))["Location"] == PEOPLE
    assert not SavedFilter.objects.exists()


def test_the_list_offers_to_save_what_is_filtered_only(world: World) -> None:
    client = signed_in(world.user(Role.PRACTICE_MANAGER))
    assert reverse("ui:save_filter") not in client.get(PEOPLE).content.decode()
    assert reverse("ui:save_filter") in client.get(PEOPLE, {"q": "Doe"}).content.decode()


def test_nobody_sees_or_deletes_the_filters_of_another(world: World) -> None:
    mine, other = world.actor(Role.PRACTICE_MANAGER), world.user(Role.BILLER)
    kept = save_filter(path=PEOPLE, query="q=Secretname", name="Mine", by=mine)
    client = signed_in(other)
    assert "Secretname" not in client.get(PEOPLE).content.decode()
    assert client.post(reverse("ui:forget_filter", args=[kept.pk])).status_code == 404
    assert saved_for(mine, PEOPLE) == [kept]
    assert saved_for(HOUSE, PEOPLE) == []


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "/no/such/page/", ""])
def test_a_filter_never_leads_out_of_the_house(world: World, path: str) -> None:
    client = signed_in(world.user(Role.BILLER))
    assert client.post(reverse("ui:save_filter"), {"path": path, "query": "q=1", "name": "x"}).status_code == 404


def test_what_cannot_be_saved(world: World) -> None:
    actor = world.actor(Role.BILLER)
    with pytest.raises(Refusal, match="name"):
        save_filter(path=PEOPLE, query="q=1", name=" ", by=actor)
    with pytest.raises(Refusal, match="Filter or sort"):
        save_filter(path=PEOPLE, query="page=2", name="Nothing", by=actor)
    for number in range(MOST):
        save_filter(path=PEOPLE, query="q=1", name=str(number), by=actor)
    with pytest.raises(Refusal, match="many"):
        save_filter(path=PEOPLE, query="q=1", name="One more", by=actor)
    save_filter(path=PEOPLE, query="q=2", name="0", by=actor)
    with pytest.raises(NotVisible):
        save_filter(path=PEOPLE, query="q=1", name="x", by=HOUSE)
    answer = signed_in(world.user(Role.BILLER)).post(
        reverse("ui:save_filter"), {"path": PEOPLE, "query": "q=1", "name": ""}
    )
    assert answer["Location"] == f"{PEOPLE}?q=1"


@pytest.mark.parametrize("name", ["saved_filter_name_once", "saved_filter_named"])
def test_constraints(name: str) -> None:
    owner, text = new_id(), "" if name == "saved_filter_named" else "x"
    values = {"owner_id": owner, "path": "/", "name": text, "query": "q=1", "saved_at": now()}
    rows = [SavedFilter(**values), SavedFilter(**values)]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SavedFilter.objects.bulk_create(rows)
