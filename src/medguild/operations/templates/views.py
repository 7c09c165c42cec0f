"""Versions of templates: who has which, the history of one clinician, the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.asked import uuid_or_none
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.templates import drafting, selectors, showing
from medguild.operations.templates.block_rules import BlockDraft
from medguild.operations.templates.forms import BeginForm, BlockForm, Offered, VersionForm, block_forms
from medguild.operations.templates.limits import breaches_of
from medguild.operations.templates.models import TemplateVersion
from medguild.operations.templates.previewing import preview_version
from medguild.operations.templates.rules import OPEN_STATES, VersionStatus
from medguild.operations.templates.withdrawing import may_be_withdrawn

_BLANK = 1


@guarded(SchedulingRight.READ)
@require_GET
def clinicians(request: HttpRequest) -> HttpResponse:
    """Clinicians with the version that holds, the one to come, and drafts."""
    actor, day = actor_of(request), today()
    people = list(selectors.clinicians_kept(actor))
    found = selectors.versions_by_clinician(actor, [one.pk for one in people])
    lines = []
    for one in people:
        rows = found.get(one.pk, [])
        coming = [row for row in rows if row.status == VersionStatus.APPLIED and row.period.lower > day]
        lines.append(
            {
                "clinician": one,
                "now": selectors.in_force(rows, day),
                "coming": coming[-1] if coming else None,
                "drafts": [row for row in rows if row.status in OPEN_STATES],
            }
        )
    context = {"lines": lines, "plans": selectors.open_plans(actor)[:5], "day": day}
    return render(request, "templates/list.html", context)


@guarded(SchedulingRight.READ)
@require_GET
def history(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    """The versions of a clinician's template, and the week that holds now."""
    actor, day = actor_of(request), today()
    clinician = selectors.clinician(actor, clinician_id)
    live = drafting.live_blocks(clinician.pk, day)
    context = {
        "clinician": clinician,
        "week": showing.week_of(live),
        "any_block": bool(live),
        "versions": [showing.version_line(row, day) for row in selectors.versions_of(actor, clinician)],
        "may_change": covers(actor, SchedulingRight.TEMPLATES, clinician.resource.unit_id),
    }
    return render(request, "templates/history.html", context)


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, clinician_id: UUID) -> HttpResponse:
    """A new draft: from which day, and from whose blocks."""
    actor = actor_of(request)
    clinician = selectors.clinician(actor, clinician_id, SchedulingRight.TEMPLATES)
    others = selectors.clinicians_kept(actor).exclude(pk=clinician.pk)
    form = BeginForm(request.POST or None, clinicians=others, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            source = form.cleaned_data["copy_of"]
            version = drafting.begin_version(
                clinician=clinician, start=form.cleaned_data["start"], name=form.cleaned_data["name"],
                copy_of=selectors.clinician(actor, source) if source else None, by=actor,
            )  # fmt: skip
            return redirect("templates:edit", version.pk)
    context = {"form": form, "clinician": clinician}
    return render(request, "templates/begin.html", context, status=form_status(form))


@guarded(SchedulingRight.READ)
@require_GET
def show(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as it was written, whatever became of it."""
    actor = actor_of(request)
    version = selectors.version(actor, version_id)
    context = {
        "version": version,
        "line": showing.version_line(version, today()),
        "week": showing.week_of(drafting.blocks_of(version)),
        "effect": showing.effect_of(version),
        "may_change": covers(actor, SchedulingRight.TEMPLATES, version.clinician.resource.unit_id),
        "may_withdraw": may_be_withdrawn(version),
    }
    return render(request, "templates/show.html", context)


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """All blocks of a draft on one page; saved together."""
    actor = actor_of(request)
    version = selectors.version(actor, version_id)
    if version.status not in OPEN_STATES:
        return redirect("templates:show", version.pk)
    blocks = drafting.blocks_of(version)
    offered = _offered(request, version.clinician, blocks)
    posted = request.POST if request.method == "POST" else None
    form = VersionForm(posted, initial={"name": version.name, "start": version.period.lower, "note": version.note})
    forms = block_forms(posted, blocks, offered, blank=_BLANK)
    wrong = [one for one in forms if posted is not None and not one.is_valid()]
    if posted is not None and form.is_valid() and not wrong:
        with refusals(form):
            drafts = [one.draft() for one in forms if not one.is_blank]
            version = drafting.write_version(version=version, blocks=drafts, by=actor, **form.cleaned_data)
            return _after_saving(request, version)
    return _editor(request, version, form, forms, blocks)


def _after_saving(request: HttpRequest, version: TemplateVersion) -> HttpResponse:
    act = request.POST.get("act", "")
    if act != "preview":
        toast(request, _("Draft saved. Nothing is changed until it is applied."))
        return redirect(f"{reverse('templates:edit', args=[version.pk])}{'#new-block' if act == 'more' else ''}")
    try:
        preview_version(version=version, by=actor_of(request))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect("templates:edit", version.pk)
    return redirect("templates:preview", version.pk)


def _editor(
    request: HttpRequest, version: TemplateVersion, form: VersionForm, forms: list[BlockForm], blocks: list[BlockDraft]
) -> HttpResponse:
    actor = actor_of(request)
    names = showing.Names.of(blocks)
    context: dict[str, Any] = {
        "version": version, "form": form,
        "blocks": [
            (one, showing.line_of(blocks[number], names) if number < len(blocks) else None)
            for number, one in enumerate(forms)
        ],
        "count": len(forms), "week": showing.week_of(blocks),
        "breaches": breaches_of(blocks, clinician_id=version.clinician_id, on=version.period.lower),
        "others": selectors.clinicians_kept(actor).exclude(pk=version.clinician_id),
        "wrong": any(one.errors for one in forms) if form.is_bound else False,
    }  # fmt: skip
    status = 422 if context["wrong"] else form_status(form)
    return render(request, "templates/edit.html", context, status=status)


def _offered(request: HttpRequest, clinician: Clinician, blocks: list[BlockDraft]) -> Offered:
    """Sites whose templates the actor keeps, their rooms and kinds of visits; and what the blocks name already."""
    actor = actor_of(request)
    named = {block.unit_id for block in blocks}
    kept: list[Site] = list(schedule.sites_with_schedule(actor, SchedulingRight.TEMPLATES))
    others = Site.objects.select_related("unit").filter(unit_id__in=named - {site.unit_id for site in kept})
    sites = [*kept, *others]
    rooms = Resource.objects.unscoped("rooms by name, of sites that the draft names or the actor keeps").filter(
        unit_id__in=[site.unit_id for site in sites], kind="room", period__contains=today()
    )
    kinds = {kind.pk: kind for kind in schedule.visit_types(actor) if kind.specialty in ("", clinician.specialty)}
    kinds |= VisitType.objects.in_bulk({kind for block in blocks for kind in block.visit_types} - kinds.keys())
    ordered = sorted(kinds.values(), key=lambda kind: kind.name)
    return Offered(sites, list(rooms.order_by("name")), ordered, clinician.resource.unit_id)


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def copy(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Replace the blocks of a draft by those of a colleague."""
    actor = actor_of(request)
    version = selectors.version(actor, version_id)
    source = uuid_or_none(request.POST.get("source", ""))
    if source is None:
        toast(request, _("Choose a clinician first."), "warn")
        return redirect("templates:edit", version.pk)
    _say(
        request, _("Blocks copied."), drafting.copy_blocks, version=version,
        source=selectors.clinician(actor, source), by=actor,
    )  # fmt: skip
    return redirect("templates:edit", version.pk)


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    version = selectors.version(actor_of(request), version_id)
    _say(request, _("Draft thrown away."), drafting.discard_version, version=version, by=actor_of(request))
    return redirect("templates:history", version.clinician_id)


def _say(request: HttpRequest, said: str, act: Any, **given: Any) -> bool:
    try:
        act(**given)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return False
    toast(request, said)
    return True
