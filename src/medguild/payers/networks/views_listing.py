"""Pages on which the rows of a network are kept: plans that use it, groups and clinicians that it lists."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb
from medguild.payers.networks import choices, selectors, services
from medguild.payers.networks.forms import ClinicianForm, EndForm, GroupForm, TermsForm, UseForm
from medguild.payers.networks.models import Network
from medguild.payers.networks.permissions import NetworksRight
from medguild.payers.payers.selectors import plan as plan_of


def _back(network: Network) -> str:
    return reverse("payers:network", args=[network.pk])


def _crumbs(network: Network) -> tuple[Crumb, ...]:
    return (Crumb(_("Networks"), reverse("payers:networks")), Crumb(network.name, _back(network)))


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest, network_id: UUID) -> HttpResponse:
    held, actor = selectors.network(network_id), actor_of(request)
    form = UseForm(request.POST or None, plans=choices.plans_of(held), initial={"start": today()})
    return answer_form(
        request, form, lambda **given: services.use_network(network=held, by=actor, **given),
        title=_("Add a plan"), done=_("Recorded."), back=_back(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest, network_id: UUID) -> HttpResponse:
    held, actor = selectors.network(network_id), actor_of(request)
    form = GroupForm(
        request.POST or None, initial={"start": today()},
        entities=choices.entities(actor), sites=choices.sites(actor),
    )  # fmt: skip
    return answer_form(
        request, form, lambda **given: services.list_group(network=held, by=actor, **given),
        title=_("List a group"), done=_("Recorded."), back=_back(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_clinician(request: HttpRequest, network_id: UUID) -> HttpResponse:
    held, actor = selectors.network(network_id), actor_of(request)
    form = ClinicianForm(
        request.POST or None, initial={"start": today()},
        entities=choices.entities(actor), clinicians=choices.clinicians(actor, on=today()),
    )  # fmt: skip
    return answer_form(
        request, form, lambda **given: services.list_clinician(network=held, by=actor, **given),
        title=_("List a clinician"), done=_("Recorded."), back=_back(held), crumbs=_crumbs(held),
    )  # fmt: skip


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def end_listing(request: HttpRequest, what: str, row_id: UUID) -> HttpResponse:
    """End a row of a network; `what` is plan, group or clinician."""
    actor = actor_of(request)
    row = selectors.listing(actor, what, row_id)
    form = EndForm(request.POST or None, initial={"on": today()})
    return answer_form(
        request, form, lambda **given: services.end_listing(row=row, by=actor, **given),
        title=_("End this entry"), done=_("It ends on that day."), back=_back(row.network),
        crumbs=_crumbs(row.network),
        intro=_("What was true before that day stays on file, for visits of the past."),
    )  # fmt: skip


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What a plan asks of its members, where it differs from its kind."""
    plan, actor = plan_of(plan_id), actor_of(request)
    held = selectors.plan_rules(plan, on=today())
    initial = {
        "needs_gatekeeper": held.needs_gatekeeper, "needs_referral": held.needs_referral,
        "covers_outside": held.covers_outside, "has_tiers": held.has_tiers, "start": today(),
    }  # fmt: skip
    form = TermsForm(request.POST or None, initial=initial)

    def run(**given: object) -> None:
        services.set_terms(plan=plan, terms=form.terms(), start=form.cleaned_data["start"], by=actor)

    return answer_form(
        request, form, run, title=_("Terms of the plan"), done=_("Recorded."),
        back=reverse("payers:detail", args=[plan.payer_id]), intro=plan.label(),
    )  # fmt: skip
