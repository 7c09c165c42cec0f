"""Calendars to subscribe to: made, shown once, revoked; and found again by their secret."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.models import User
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.people import Clinician
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.feeds.permissions import FeedsRight
from medguild.patients.identity.models import Patient

MADE = declare_event("feed.made", gettext_lazy("Calendar to subscribe to made"), icon="calendar-plus")
REVOKED = declare_event("feed.revoked", gettext_lazy("Calendar to subscribe to ended"), icon="calendar-off")
MOST_LIVE = 10
_WHOEVER = "who has the secret may read this calendar"
# Reading is noted at most this often: a telephone asks every few minutes.
_NOTED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def make_feed(
    *, device: str, by: Actor, clinician: Clinician | None = None, patient: Patient | None = None
) -> tuple[CalendarFeed, str]:
    """A calendar of a clinician or a patient; its secret is returned once and never kept.

    The caller has checked that the actor is that clinician, or may open that patient's record. Raises Refusal.
    """
    if not device.strip():
        raise Refusal(_("Write where you will use it, such as “my telephone”."), field="device")
    held = CalendarFeed.objects.unscoped(_WHOEVER).filter(
        clinician=clinician, patient=patient, made_by_id=by.id, revoked_at__isnull=True
    )
    if held.count() >= MOST_LIVE:
        raise Refusal(_("You have ten of these already. End one that you no longer use."), code="too_many_feeds")
    secret = secrets.token_urlsafe(32)
    feed: CalendarFeed = CalendarFeed.objects.create(
        clinician=clinician, patient=patient, device=device.strip(), token_hash=_hash(secret), made_at=now(),
        made_by_id=by.id,
    )  # fmt: skip
    _tell(MADE, feed, by)
    return feed, secret


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: Actor) -> None:
    """End it at once. Again changes nothing."""
    rows = CalendarFeed.objects.unscoped(_WHOEVER).filter(pk=feed.pk, revoked_at__isnull=True)
    if rows.update(revoked_at=now()):
        _tell(REVOKED, feed, by)


@transaction.atomic
def revoke_feeds_of(*, patient: Patient, user: User, by: Actor) -> int:
    """End all that somebody made of a patient's calendar, because they may no longer see it; returns how many."""
    rows = CalendarFeed.objects.unscoped(_WHOEVER).filter(patient=patient, made_by_id=user.pk, revoked_at__isnull=True)
    feeds = list(rows)
    for feed in feeds:
        revoke_feed(feed=feed, by=by)
    return len(feeds)


def feed_of(secret: str) -> CalendarFeed:
    """The calendar of a secret, while it stands and its maker may still see what is in it. Else raises NotVisible."""
    rows = CalendarFeed.objects.unscoped(_WHOEVER).filter(token_hash=_hash(secret), revoked_at__isnull=True)
    feed: CalendarFeed | None = rows.select_related("clinician__person", "patient").first()
    maker = User.objects.filter(pk=feed.made_by_id or feed.pk, is_active=True).first() if feed else None
    if feed is None or maker is None or not _may_see(maker, feed):
        raise NotVisible
    moment = now()
    if feed.read_at is None or moment - feed.read_at > _NOTED_EVERY:
        CalendarFeed.objects.unscoped(_WHOEVER).filter(pk=feed.pk).update(read_at=moment)
    return feed


def _may_see(maker: User, feed: CalendarFeed) -> bool:
    """A grant may run out by its day, or be ended elsewhere, where nobody knows of the calendar."""
    actor = actor_of_user(maker)
    if feed.patient_id is not None:
        return any(scope.everything or feed.patient_id in scope.patients for scope in actor.scopes.values())
    return actor.may(FeedsRight.OWN) and feed.clinician is not None and feed.clinician.person_id == maker.person_id


def _hash(secret: str) -> str:
    """The secret is long and random: a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(event: str, feed: CalendarFeed, by: Actor) -> None:
    record(
        event, subject=SubjectRef("calendar_feed", feed.pk, ""), by=by, patient_id=feed.patient_id,
        data={"clinician_id": feed.clinician_id},
    )  # fmt: skip
