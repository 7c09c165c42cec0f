"""Pages of payers' rules for remote visits: the list, a new rule, the end of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui import tables
from medguild.foundation.ui.answers import answer_form
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Crumb
from medguild.payers.networks.forms import EndForm
from medguild.payers.payers.permissions import PayersRight
from medguild.payers.remote import selectors, services
from medguild.payers.remote.forms import RemoteRuleForm
from medguild.payers.remote.permissions import RemoteRight
from medguild.payers.remote.words import MODES, PAYS, TONES


class RuleFilters(tables.FilterSet):
    q = tables.SearchFilter(
        fields=["payer__name__icontains", "source__icontains"], label=gettext_lazy("Payer or source")
    )
    mode = tables.ChoiceFilter(choices=list(MODES.items()), label=gettext_lazy("Kind of remote visit"))


class RuleTable(tables.Table):
    payer = tables.Column(
        gettext_lazy("Payer"),
        accessor="payer__name",
        linkify=lambda record: reverse("payers:detail", args=[record.payer_id]),
    )
    mode = tables.Column(gettext_lazy("Visit"))
    covered = tables.StatusColumn(gettext_lazy("Pays"), labels=PAYS, tones=TONES)
    place_at_home = tables.Column(gettext_lazy("Place, at home"))
    place_elsewhere = tables.Column(gettext_lazy("Place, elsewhere"))
    modifiers = tables.Column(gettext_lazy("Modifiers"), orderable=False)
    period = tables.PeriodColumn(gettext_lazy("In force"))
    source = tables.Column(gettext_lazy("Written in"))

    key = "remote_rules"
    caption = gettext_lazy("What payers ask of remote visits")
    filters = RuleFilters
    empty = tables.Empty(
        gettext_lazy("No rules yet"),
        gettext_lazy(
            "Record for each payer how visits by video and phone are billed: without it their claims are held."
        ),
        href_name="payers:new_remote_rule",
        action=gettext_lazy("Add a rule"),
    )

    def render_mode(self, value: str) -> object:
        return MODES[value]

    def render_modifiers(self, value: list[str]) -> str:
        return " ".join(value)


class KeptRuleTable(RuleTable):
    """The same for those who keep the rules."""

    end = tables.Column(
        gettext_lazy("Change"), empty_values=(), orderable=False,
        linkify=lambda record: reverse("payers:end_remote_rule", args=[record.pk]),
    )  # fmt: skip

    def render_end(self) -> str:
        return _("End")


@guarded(PayersRight.READ)
def rule_list(request: HttpRequest) -> HttpResponseBase:
    keeps = actor_of(request).may(RemoteRight.MANAGE)
    table = KeptRuleTable if keeps else RuleTable
    return tables.table_response(request, table, selectors.remote_rules(), "remote/list.html", {"keeps": keeps})


@guarded(RemoteRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """A rule from a day on; the one in force ends there."""
    actor = actor_of(request)
    form = RemoteRuleForm(request.POST or None, initial={"start": today(), "payer": request.GET.get("payer", "")})

    def run(**given: object) -> None:
        data = form.cleaned_data
        services.set_remote_rule(
            payer=data["payer"], mode=data["mode"], terms=form.terms(), start=data["start"], end=data["end"],
            source=data["source"], by=actor,
        )  # fmt: skip

    return answer_form(
        request, form, run, title=_("Add a rule for remote visits"), done=_("Recorded."),
        back=reverse("payers:remote_rules"), crumbs=_crumbs(), cols=2,
        intro=_("Claims for services from that day on follow it; what was sent stays as sent."),
    )  # fmt: skip


@guarded(RemoteRight.MANAGE)
@require_http_methods(["GET", "POST"])
def end_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    rule, actor = selectors.remote_rule(rule_id), actor_of(request)
    form = EndForm(request.POST or None, initial={"on": today()})
    return answer_form(
        request, form, lambda on: services.end_remote_rule(rule=rule, on=on, by=actor),
        title=_("End this rule"), done=_("It ends on that day."), back=reverse("payers:remote_rules"),
        crumbs=_crumbs(), intro=f"{rule.payer.name}: {MODES[rule.mode]}",
    )  # fmt: skip


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb(_("Remote visits"), reverse("payers:remote_rules")),)
