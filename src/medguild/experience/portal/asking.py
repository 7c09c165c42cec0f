"""Questions that people write from their own record: kept as messages of the site, which answers in its time."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.selectors import record
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record as tell
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.rules import Channel
from medguild.operations.promises.services import receive_inquiry
from medguild.operations.scheduling.models import Appointment
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids

ASKED = declare_event("portal.asked", gettext_lazy("Question written in the portal"), icon="message")
LONGEST_QUESTION = 4_000
_OWN = "the reader's own record, under all its ids"
_KNOWN_FOR = dt.timedelta(days=3 * 365)
_MOST = 50


def sites_to_ask(patient: Patient, *, at: dt.datetime) -> list[Site]:
    """The patient's own site first, then those of their visits of the last three years and to come."""
    visited = Appointment.objects.unscoped(_OWN).filter(patient_id__in=alias_ids(patient.pk), start__gt=at - _KNOWN_FOR)
    ids = {patient.home_unit_id, *visited.order_by().values_list("unit_id", flat=True).distinct()}
    found = Site.objects.select_related("unit").filter(unit_id__in=ids).order_by("unit__name")
    return sorted(found, key=lambda site: site.unit_id != patient.home_unit_id)


def questions(patient: Patient) -> QuerySet[Inquiry]:
    """What was asked from the portal about a record that the caller found, the newest first."""
    rows: QuerySet[Inquiry] = Inquiry.objects.unscoped(_OWN).filter(
        patient_id__in=alias_ids(patient.pk), channel=Channel.PORTAL
    )
    return rows.select_related("unit__site").order_by("-received_at")[:_MOST]


@transaction.atomic
def ask(*, patient: Patient, site: Site, text: str, token: UUID, by: Actor, at: dt.datetime | None = None) -> Inquiry:
    """Keep a question; sent twice with one token it is kept once. Whoever answers for the portal at the site gets it.

    Raises NotVisible for a record that is not the reader's, Refusal without words or for a site that is not theirs.
    """
    record(by, patient.pk, PortalRight.ASK)
    moment = at or now()
    if not 0 < len(text.strip()) <= LONGEST_QUESTION:
        raise Refusal(_("Write your question in at most 4,000 characters."), code="text_length", field="text")
    if site.unit_id not in {one.unit_id for one in sites_to_ask(patient, at=moment)}:
        raise Refusal(_("Choose one of your sites."), code="site_unknown", field="site")
    digest = hashlib.sha256(text.strip().encode()).hexdigest()[:16]  # other words are another question
    made = receive_inquiry(
        site=site, channel=Channel.PORTAL, text=text, patient=patient, sender=by.label, at=moment,
        source=f"portal:{patient.pk}:{token}:{digest}", by=Actor.job("portal.ask", cause=by.cause),
    )  # fmt: skip
    if made.received_at != moment:
        return made
    tell(
        ASKED, subject=SubjectRef("inquiry", made.pk, made.label()), by=by, patient_id=patient.pk,
        unit_id=site.unit_id, data={"channel": Channel.PORTAL},
    )  # fmt: skip
    return made
