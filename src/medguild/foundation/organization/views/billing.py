"""Under which numbers an entity bills."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.guard import guarded
from medguild.foundation.organization import directory, endings, staffing
from medguild.foundation.organization.forms import EndForm
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import BillingIdentity
from medguild.foundation.organization.people_forms import BillingForm
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_below
from medguild.foundation.organization.views.common import crumbs_to, page_of
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of

BILLING = OrganizationRight.BILLING


@guarded(BILLING)
def new_identity(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Numbers of an entity, for all its services or for one site or specialty."""
    actor = actor_of(request)
    entity = directory.unit_for(actor, unit_id, BILLING)
    if entity.kind != UnitKind.ENTITY:
        raise NotVisible
    sites = Unit.objects.filter(pk__in=units_below([entity.pk], on=today()), kind=UnitKind.SITE).order_by("name")
    return answer_form(
        request, BillingForm(request.POST or None, sites=sites, initial={"start": today()}),
        lambda **given: staffing.set_billing_identity(entity=entity, by=actor, **given),
        title=_("Billing identity of %(name)s") % {"name": entity.name}, done=_("Recorded."), back=page_of(entity),
        crumbs=crumbs_to(entity), cols=2,
    )  # fmt: skip


@guarded(BILLING)
def end_identity(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Services from a day on are billed under other numbers."""
    actor = actor_of(request)
    rows = BillingIdentity.objects.visible_to(actor).select_related("entity")
    identity = rows.filter(pk=identity_id).first()
    if identity is None:
        raise NotVisible
    return answer_form(
        request, EndForm(request.POST or None),
        lambda on: endings.end_billing_identity(identity=identity, on=on, by=actor),
        title=_("End a billing identity"), done=_("Ended."), back=page_of(identity.entity),
        crumbs=crumbs_to(identity.entity), submit=_("End it"), kind="danger",
    )  # fmt: skip
