"""Pages of documented workflows."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.standards.display import WORKFLOW_TONES, WORKFLOW_WORDS, role_word
from medguild.foundation.standards.forms import CheckForm, RewriteForm, WorkflowForm
from medguild.foundation.standards.history import story
from medguild.foundation.standards.models import Workflow
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.rules import WORKFLOW_MOVES, WorkflowStatus
from medguild.foundation.standards.selectors import workflow_page, workflows_visible
from medguild.foundation.standards.workflows import check_workflow, move_workflow, rewrite_workflow, write_workflow
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast


class WorkflowFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["title__icontains"])
    status = tables.ChoiceFilter(choices=list(WORKFLOW_WORDS.items()), label=_("Status"))


class WorkflowTable(tables.Table):
    title = tables.Column(_("Title"), linkify=lambda record: reverse("standards:workflow", args=[record.pk]))
    unit = tables.Column(_("Where"), accessor="unit__name")
    owner_role = tables.Column(_("Owner"))
    review_on = tables.DateColumn(_("Next review"))
    status = tables.StatusColumn(_("Status"), tones=WORKFLOW_TONES, labels=WORKFLOW_WORDS)

    key = "workflows"
    caption = _("Workflows")
    filters = WorkflowFilters
    empty = tables.Empty(
        _("No workflows yet"),
        _("Write down how a process runs that a setting cannot hold: what is done, by whom, and how one can tell."),
        icon="file-text",
    )

    def render_owner_role(self, record: Workflow) -> str:
        return role_word(record.owner_role)


@guarded(StandardRight.READ)
@require_GET
def workflows(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    context = {"may_manage": actor.may(StandardRight.MANAGE)}
    return tables.table_response(request, WorkflowTable, workflows_visible(actor), "standards/workflows.html", context)


@guarded(StandardRight.READ)
@require_GET
def workflow(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    page = workflow_page(actor, workflow_id)
    status = WorkflowStatus(page.workflow.status)
    followed, of = page.adopted
    context = {
        "page": page,
        "owner": role_word(page.workflow.owner_role),
        "text": page.versions[0] if page.versions else None,
        "word": WORKFLOW_WORDS[status],
        "tone": WORKFLOW_TONES[status],
        "moves": [(to.value, WORKFLOW_WORDS[to]) for to in sorted(WORKFLOW_MOVES[status])],
        "may_manage": holds_at(actor, StandardRight.MANAGE, page.workflow.unit_id),
        "check_form": CheckForm(actor=actor) if _checkable(request, status) else None,
        "followed": followed,
        "of": of,
        "moments": story("workflow", page.workflow.pk),
    }
    return render(request, "standards/workflow.html", context)


def _checkable(request: HttpRequest, status: WorkflowStatus) -> bool:
    return status == WorkflowStatus.IN_FORCE and actor_of(request).may(StandardRight.PROPOSE)


@guarded(StandardRight.MANAGE)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    form = WorkflowForm(request.POST or None, actor=actor_of(request))
    if form.is_valid():
        with refusals(form):
            made = write_workflow(by=actor_of(request), **form.cleaned_data)
            toast(request, gettext("Written, as a draft."))
            return redirect("standards:workflow", made.pk)
    return render(request, "standards/workflow_form.html", {"form": form}, status=form_status(form))


@guarded(StandardRight.MANAGE)
@require_http_methods(["GET", "POST"])
def rewrite(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    page = workflow_page(actor_of(request), workflow_id)
    initial = {"text": page.versions[0].text if page.versions else ""}
    form = RewriteForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals(form):
            rewrite_workflow(workflow_id=workflow_id, by=actor_of(request), **form.cleaned_data)
            toast(request, gettext("Written as a new version."))
            return redirect("standards:workflow", workflow_id)
    context = {"form": form, "workflow": page.workflow}
    return render(request, "standards/workflow_form.html", context, status=form_status(form))


@guarded(StandardRight.MANAGE)
@require_POST
def move(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    to = request.POST.get("to", "")
    if to in set(WorkflowStatus):
        try:
            move_workflow(workflow_id=workflow_id, to=WorkflowStatus(to), by=actor_of(request))
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, "bad")
        else:
            toast(request, gettext("Now: %(status)s.") % {"status": WORKFLOW_WORDS[to]})
    return redirect("standards:workflow", workflow_id)


@guarded(StandardRight.PROPOSE)
@require_POST
def check(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    workflow_page(actor_of(request), workflow_id)
    form = CheckForm(request.POST, actor=actor_of(request))
    if form.is_valid():
        data = form.cleaned_data | {"followed": form.cleaned_data["followed"] == "yes"}
        with refusals(form):
            check_workflow(workflow_id=workflow_id, by=actor_of(request), **data)
            toast(request, gettext("Noted."))
    for errors in form.errors.values():
        toast(request, str(errors[0]), "bad")
    return redirect("standards:workflow", workflow_id)
