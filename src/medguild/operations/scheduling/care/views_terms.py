"""The page on which a kind of visit says what it asks of its clinician and which price stands for it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.guard import guarded
from medguild.foundation.organization.forms import CodeField
from medguild.foundation.ui.answers import answer_form
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.care.models import VisitTypeTerms
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.showing import actor_of
from medguild.people.credentialing.models import PrivilegeType


class _PrivilegeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: PrivilegeType) -> str:
        return obj.name


class TermsForm(forms.Form):
    privilege = _PrivilegeField(
        label=gettext_lazy("Privilege that the clinician needs"), required=False,
        queryset=PrivilegeType.objects.order_by("name"), empty_label=gettext_lazy("None"),
    )  # fmt: skip
    service_code = CodeField(
        r"^[A-Z0-9]{5}$", gettext_lazy("Write five letters or digits."), required=False, max_length=5,
        label=gettext_lazy("Service whose list price is told"),
        help_text=gettext_lazy("Told to patients whose plan has no contract with us for this visit."),
    )  # fmt: skip


@guarded(SchedulingRight.TEMPLATES)
def terms(request: HttpRequest, visit_type_id: UUID) -> HttpResponse:
    """Privilege and price of a kind of visit."""
    actor = actor_of(request)
    kind = selectors.visit_type(actor, visit_type_id)
    held = VisitTypeTerms.objects.filter(visit_type=kind).first()
    initial = {"privilege": held.privilege_id, "service_code": held.service_code} if held else {}
    return answer_form(
        request, TermsForm(request.POST or None, initial=initial),
        lambda **given: set_visit_type_terms(visit_type=kind, by=actor, **given),
        title=_("Privilege and price of %(kind)s") % {"kind": kind.name}, done=_("Recorded."),
        back=reverse("scheduling:change_visit_type", args=[kind.pk]),
    )  # fmt: skip
