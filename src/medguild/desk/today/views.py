"""The Today page: your work now, then your numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from medguild.desk.today.catalogue import build
from medguild.foundation.access.guard import NOTED, SIGNED_IN, guarded, note_reads
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now


@guarded(SIGNED_IN, reads=NOTED)
def today(request: HttpRequest) -> HttpResponse:
    """Panels by role; whose names they show is declared as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind is ActorKind.PATIENT:
        return redirect("portal:home")
    panels = build(actor, actor.roles, now())
    note_reads(request, {patient for panel in panels for patient in panel.patients})
    return render(request, "today/home.html", {"panels": panels})
