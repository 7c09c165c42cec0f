"""Whoever reads a record online in the demo finds something on every page, at any hour."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.demo.portal import offer_to_readers
from medguild.experience.portal import asking, selectors, waiting
from medguild.foundation.access.models import User
from medguild.foundation.access.selectors import actor_of_user
from medguild.operations.feeds.selectors import own_feeds
from tests.integration.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime.combine(TODAY, dt.time(8), tzinfo=dt.UTC)  # midnight at the sites


def test_each_record_has_something_on_every_page(group: None) -> None:
    offer_to_readers(now=NIGHT)
    records = 0
    for stem in ("pat.patient", "pru.proxy"):
        reader = actor_of_user(User.objects.get(email__startswith=stem))
        for record in selectors.records(reader):
            records += 1
            visits = selectors.visits(record, at=NIGHT)
            assert visits.to_come
            assert visits.past
            assert visits.offered, "a time to answer, at night too"
            assert waiting.waiting(record, by=reader).exists()
            answered = {bool(one.answered_at) for one in asking.questions(record)}
            assert answered == {True, False}
            assert own_feeds(reader, patient=record)
    assert records >= 2
