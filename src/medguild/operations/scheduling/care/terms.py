"""Saying what a kind of visit asks of its clinician, and which service stands for its price."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed
from medguild.operations.scheduling.care.models import VisitTypeTerms
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.people.credentialing.models import PrivilegeType

TERMS_SET = declare_event("visit_type.terms_set", gettext_lazy("Privilege or price of a visit changed"), icon="tag")


@transaction.atomic
def set_visit_type_terms(
    *, visit_type: VisitType, privilege: PrivilegeType | None, service_code: str, by: Actor
) -> VisitTypeTerms | None:
    """The privilege asked for and the service whose list price is told; None when neither is said any more.

    Visits that are booked stay: the nightly look at booked visits finds those whose clinician lacks the privilege.
    """
    scope = by.scope(SchedulingRight.TEMPLATES)
    if not (scope.everything or visit_type.owner_id in scope.units):
        raise NotAllowed(_("This kind of visit is kept above you. Ask who keeps it."))
    code = service_code.strip().upper()
    VisitTypeTerms.objects.filter(visit_type=visit_type).delete()
    made = None
    if privilege is not None or code:
        made = VisitTypeTerms.objects.create(visit_type=visit_type, privilege=privilege, service_code=code)
    record(
        TERMS_SET, subject=SubjectRef("visit_type", visit_type.pk, visit_type.name), by=by,
        unit_id=visit_type.owner_id, data={"privilege_id": privilege.pk if privilege else None, "service": code},
    )  # fmt: skip
    return made
