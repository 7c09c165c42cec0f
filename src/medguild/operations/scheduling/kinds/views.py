"""Pages of kinds of visits: the list, one kind with what it needs, and how long it takes for whom."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.equipping import capabilities
from medguild.foundation.organization.outline import unit_options
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.words import specialty_words
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Crumb
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.kinds import visit_types
from medguild.operations.scheduling.kinds.forms import LengthForm, VisitTypeForm, initial_of_visit_type
from medguild.operations.scheduling.kinds.selectors import lengths_of, needs_by_kind
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.showing import actor_of, today_at


@guarded(SchedulingRight.READ)
def listed(request: HttpRequest) -> HttpResponse:
    """Kinds of visits of the reader's units, with those that they inherit; one's own can be changed."""
    actor = actor_of(request)
    scope = actor.scope(SchedulingRight.TEMPLATES)
    kinds = list(selectors.visit_types(actor, active=False))
    needs = needs_by_kind([kind.pk for kind in kinds])
    context = {
        "kinds": [(kind, scope.everything or kind.owner_id in scope.units, needs.get(kind.pk, [])) for kind in kinds],
        "may_change": actor.may(SchedulingRight.TEMPLATES),
    }
    return render(request, "scheduling/visit_types.html", context)


@guarded(SchedulingRight.TEMPLATES)
def add(request: HttpRequest) -> HttpResponse:
    """A new kind of visit."""
    return _form(request, None)


@guarded(SchedulingRight.TEMPLATES)
def change(request: HttpRequest, visit_type_id: UUID) -> HttpResponse:
    """Another length, name, need or mode; booked visits stay as they are."""
    return _form(request, _own(request, visit_type_id))


def _own(request: HttpRequest, visit_type_id: UUID) -> VisitType:
    kind = selectors.visit_type(actor_of(request), visit_type_id)
    visit_types.refuse_foreign_owner(kind.owner_id, actor_of(request))
    return kind


def _form(request: HttpRequest, kind: VisitType | None) -> HttpResponse:
    actor = actor_of(request)
    form = VisitTypeForm(
        request.POST or None,
        owners=unit_options(actor, SchedulingRight.TEMPLATES, None, on=today_at(None)),
        capabilities=capabilities(),
        initial=initial_of_visit_type(kind) if kind else None,
    )
    if form.is_valid():
        with refusals(form):
            row = visit_types.record_visit_type(visit_type=kind, by=actor, **form.kind())
            visit_types.set_needs(visit_type=row, needs=form.needs(), by=actor)
            toast(request, _("Saved."))
            return redirect("scheduling:visit_types")
    context = {
        "form": form,
        "kind": kind,
        "lengths": [(one, one.specialty and specialty_words(one.specialty)) for one in lengths_of(kind)]
        if kind
        else [],
    }
    return render(request, "scheduling/visit_type_form.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
def add_length(request: HttpRequest, visit_type_id: UUID) -> HttpResponse:
    """It takes longer or shorter somewhere, in a specialty or with somebody."""
    actor, kind = actor_of(request), _own(request, visit_type_id)
    clinicians = list(selectors.clinicians_with_sessions(actor, on=today_at(None)))
    form = LengthForm(
        request.POST or None,
        units=unit_options(actor, SchedulingRight.TEMPLATES, None, on=today_at(None)),
        clinicians=clinicians,
        specialties=Clinician.objects.values_list("specialty", flat=True).distinct(),
        initial={"minutes": kind.minutes, "start": today_at(None)},
    )
    back = reverse("scheduling:change_visit_type", args=[kind.pk])
    return answer_form(
        request, form, lambda **given: visit_types.set_length(visit_type=kind, by=actor, **given),
        title=_("How long %(kind)s takes") % {"kind": kind.name}, done=_("Saved."), back=back,
        intro=_("The most specific length holds: with somebody, else at the nearest place, else in the specialty."
                " Where a template names minutes of its own, these hold."),
        crumbs=(Crumb(_("Kinds of visits"), reverse("scheduling:visit_types")), Crumb(kind.name, back)),
    )  # fmt: skip


@guarded(SchedulingRight.TEMPLATES)
def end_length(request: HttpRequest, length_id: UUID) -> HttpResponse:
    """From today on the usual length holds there again."""
    length = next((one for one in lengths_of(None, pk=length_id)), None)
    if length is None:
        raise NotVisible
    kind = _own(request, length.visit_type_id)
    if request.method == "POST":
        try:
            visit_types.end_length(length=length, by=actor_of(request))
            toast(request, _("Ended. There the usual length holds again."))
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, "bad")
    return redirect("scheduling:change_visit_type", kind.pk)
