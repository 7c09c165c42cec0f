"""The event log for those who watch over it: what happened, who read whom, how far it is sealed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.access.permissions import EventRight
from medguild.foundation.access.ports import record_labels
from medguild.foundation.events.actors import who
from medguild.foundation.events.models import Event
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.proofs import seal_status
from medguild.foundation.events.services import READ
from medguild.foundation.events.tasks import prove_log
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast


def _type_choices() -> list[tuple[str, str]]:
    return sorted(((name, str(declared.label)) for name, declared in event_types.items()), key=lambda pair: pair[1])


class AuditFilters(tables.FilterSet):
    type = tables.ChoiceFilter(choices=_type_choices, label=gettext_lazy("What"))
    actor = tables.SearchFilter(fields=["actor_label__icontains"], label=gettext_lazy("Who"), whole=True)
    at = tables.DateRangeFilter(field_name="occurred_at", label=gettext_lazy("When"), instants=True)


class AuditTable(tables.Table):
    occurred_at = tables.DateTimeColumn(gettext_lazy("When"), zone="UTC", order_by=("id",))
    type = tables.Column(gettext_lazy("What"), orderable=False)
    actor_label = tables.Column(gettext_lazy("Who"), orderable=False)
    subject_label = tables.Column(gettext_lazy("About"), orderable=False)
    id = tables.Column(
        gettext_lazy("Event"), orderable=False, linkify=lambda record: reverse("access:event", args=[record.pk])
    )

    class Meta:
        order_by = ("-occurred_at",)
        per_page = 50

    key = "audit"
    caption = gettext_lazy("Events")
    filters = AuditFilters
    patient_id = "patient_id"
    empty = tables.Empty(gettext_lazy("Nothing recorded"), gettext_lazy("Choose other days, or another kind of event."))

    def render_id(self, value: UUID) -> str:
        return f"…{str(value)[-12:]}"

    def value_id(self, value: UUID) -> str:
        return str(value)

    def render_actor_label(self, record: Event) -> str:
        return who(record)

    def render_type(self, value: str) -> str:
        declared = event_types.find(value)
        return str(declared.label) if declared else value


def _events(request: HttpRequest) -> QuerySet[Event]:
    return Event.objects.visible_to(actor_of(request))


@guarded(EventRight.READ, reads=NOTED)
def log(request: HttpRequest) -> HttpResponseBase:
    """Events at the units of the reader, newest first, with the state of the seals."""
    return tables.table_response(request, AuditTable, _events(request), "access/audit.html", {"seals": seal_status()})


@guarded(EventRight.READ, reads="patient_id")
def readers(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who has read the data of a patient; for those whose units have read them."""
    rows = _events(request).filter(type=READ).filter(Q(patient_ids__contains=[patient_id]) | Q(patient_id=patient_id))
    found = list(rows.order_by("-id")[:500])
    if not found:
        raise NotVisible
    label = record_labels([patient_id]).get(patient_id, str(patient_id))
    return render(request, "access/readers.html", {"rows": found, "label": label, "patient_id": patient_id})


@guarded(EventRight.READ, reads=NOTED)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event with all that it holds."""
    found = _events(request).filter(pk=event_id).first()
    if found is None:
        raise NotVisible
    note_reads(request, [found.patient_id] if found.patient_id else [])
    declared = event_types.find(found.type)
    context = {"event": found, "words": declared.label if declared else found.type, "by": who(found)}
    return render(request, "access/event.html", context)


@guarded(EventRight.READ)
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Asks the worker to prove the log; the outcome appears on the page."""
    prove_log.defer()
    toast(request, _("The proof has begun; its outcome appears here."), "info")
    return redirect("access:audit")
