"""Opening a record in an emergency, and reviewing it afterwards."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access import directory, services
from medguild.foundation.access.forms import GlassForm, ReviewForm
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.access.models import BrokenGlass
from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.access.ports import glass_verdict, record_labels, record_page
from medguild.foundation.access.views.common import user_of
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Crumb


@guarded(AccessRight.BREAK_GLASS)
def break_glass(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Asks for a reason and opens the record for some hours. Shows nothing of the record before."""
    actor, user = actor_of(request), user_of(request)
    allowed = glass_verdict(actor, patient_id)
    if not allowed:
        raise NotVisible
    form = GlassForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            services.break_glass(user=user, patient_id=patient_id, reason=form.cleaned_data["reason"], by=actor)
            return redirect(record_page(patient_id))
    return render(request, "access/break_glass.html", {"form": form}, status=form_status(form))


@guarded(AccessRight.REVIEW, reads=NOTED)
def reviews(request: HttpRequest) -> HttpResponse:
    """Emergency accesses by people of the reviewer's units; those that wait come first."""
    rows = list(directory.opened_records(actor_of(request))[:200])
    return render(request, "access/reviews.html", {"rows": _named(request, rows)})


def _named(request: HttpRequest, rows: list[BrokenGlass]) -> list[tuple[BrokenGlass, str]]:
    patients = {row.patient_id for row in rows}
    labels = record_labels(patients)
    note_reads(request, patients)
    return [(row, labels.get(row.patient_id, str(row.patient_id))) for row in rows]


@guarded(AccessRight.REVIEW, reads=NOTED)
def review(request: HttpRequest, opened_id: UUID) -> HttpResponse:
    """Closes the review of one access with a finding."""
    actor = actor_of(request)
    opened = directory.opened_for(actor, opened_id)
    [(_row, label)] = _named(request, [opened])
    return answer_form(
        request, ReviewForm(request.POST or None),
        lambda finding: services.review_glass(opened=opened, reviewer=user_of(request), finding=finding, by=actor),
        title=_("Review an emergency access"), done=_("Reviewed."), back=reverse("access:reviews"),
        crumbs=(Crumb(_("Emergency accesses"), reverse("access:reviews")),),
        intro=_("%(who)s opened the record of %(patient)s: “%(reason)s”")
        % {"who": opened.user.label(), "patient": label, "reason": opened.reason},
    )  # fmt: skip
