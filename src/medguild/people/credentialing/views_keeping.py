"""Pages on which credentials are recorded and ended."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb
from medguild.people.credentialing import selectors, services
from medguild.people.credentialing.forms import (
    CompactForm,
    CompactPrivilegeForm,
    EndForm,
    PrivilegeForm,
    TelehealthForm,
)
from medguild.people.credentialing.member_list import MemberLine, written
from medguild.people.credentialing.permissions import CredentialingRight
from medguild.people.credentialing.services import Membership

MANAGE = CredentialingRight.MANAGE


def _page(clinician: Clinician) -> str:
    return reverse("credentialing:clinician", args=[clinician.pk])


def _crumbs(clinician: Clinician) -> tuple[Crumb, ...]:
    return (Crumb(_("Credentials"), reverse("credentialing:list")), Crumb(clinician.label(), _page(clinician)))


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def compact_privilege(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    held = selectors.clinician(actor, clinician_id, on=today(), right=MANAGE)
    return answer_form(
        request, CompactPrivilegeForm(request.POST or None, initial={"start": today()}),
        lambda **given: services.record_compact_privilege(clinician=held, by=actor, **given),
        title=_("Add a compact"), done=_("Recorded."), back=_page(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def telehealth(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    held = selectors.clinician(actor, clinician_id, on=today(), right=MANAGE)
    return answer_form(
        request, TelehealthForm(request.POST or None, initial={"start": today()}),
        lambda **given: services.register_telehealth(clinician=held, by=actor, **given),
        title=_("Add a telehealth registration"), done=_("Recorded."), back=_page(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def privilege(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    held = selectors.clinician(actor, clinician_id, on=today(), right=MANAGE)
    form = PrivilegeForm(request.POST or None, initial={"start": today()}, units=units_visible(actor, MANAGE))
    return answer_form(
        request, form, lambda **given: services.grant_privilege(clinician=held, by=actor, **given),
        title=_("Grant a privilege"), done=_("Recorded."), back=_page(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, what: str, row_id: UUID) -> HttpResponse:
    """End a compact's privilege, a registration or a privilege."""
    actor = actor_of(request)
    row = selectors.credential(actor, what, row_id, on=today())
    return answer_form(
        request, EndForm(request.POST or None, initial={"on": today()}),
        lambda **given: services.end_credential(credential=row, by=actor, **given),
        title=_("End this entry"), done=_("It ends on that day."), back=_page(row.clinician),
        crumbs=_crumbs(row.clinician), intro=_("Visits booked from that day on are listed for you overnight."),
    )  # fmt: skip


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def new_compact(request: HttpRequest) -> HttpResponse:
    return _compact_page(request, CompactForm(request.POST or None))


@guarded(MANAGE)
@require_http_methods(["GET", "POST"])
def compact(request: HttpRequest, compact_id: UUID) -> HttpResponse:
    """A compact with its list of states, to be replaced by a newer one."""
    held = selectors.compact(compact_id)
    lines = [MemberLine(row.state, row.period.lower, row.period.upper) for row in held.states.order_by("state")]
    initial = {
        "code": held.code, "name": held.name, "clinician_kinds": held.clinician_kinds, "members": written(lines),
    }  # fmt: skip
    return _compact_page(request, CompactForm(request.POST or None, initial=initial))


def _compact_page(request: HttpRequest, form: CompactForm) -> HttpResponse:
    actor = actor_of(request)

    def run(members: list[MemberLine], **given: object) -> None:
        listed = [Membership(one.state, one.start, one.end) for one in members]
        services.set_compact(members=listed, by=actor, **given)  # type: ignore[arg-type]

    back = reverse("credentialing:compacts")
    return answer_form(
        request, form, run, title=_("Compact"), done=_("Recorded."), back=back,
        crumbs=(Crumb(_("Credentials"), reverse("credentialing:list")), Crumb(_("Compacts"), back)),
    )  # fmt: skip
