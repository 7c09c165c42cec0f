"""The gallery: every component in all its states, on data that belong to nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict
from medguild.foundation.kernel.guard import SIGNED_IN, guarded
from medguild.foundation.kernel.money import plain
from medguild.foundation.kernel.periods import Period
from medguild.foundation.ui import tables
from medguild.foundation.ui.boards import board_response
from medguild.foundation.ui.forms import DateField, MoneyField, form_status
from medguild.foundation.ui.parts import Board, BoardAct, BoardCard, BoardColumn, Chart, Moment, Series, Step, Tab
from medguild.foundation.ui.ports.menu import Area, MenuEntry
from medguild.foundation.ui.ports.menu import register as add_menu
from medguild.foundation.ui.templatetags.elements import status
from medguild.foundation.ui.templatetags.values import money_text
from medguild.foundation.ui.toasts import toast

_BOARD = "gallery_board"
_COLUMNS = ("arrived", "roomed", "with_clinician", "ready")
_TONES = {0: "ok", 1: "info", 2: "warn", 3: "bad", 4: "neutral"}
_WORDS = {
    0: gettext_lazy("Paid"),
    1: gettext_lazy("Sent"),
    2: gettext_lazy("Held"),
    3: gettext_lazy("Denied"),
    4: gettext_lazy("Draft"),
}


add_menu(
    MenuEntry(
        area=Area.SETTINGS,
        label=gettext_lazy("Gallery of components"),
        url_name="ui:gallery",
        icon="layout-grid",
        order=990,
        in_menu=False,
    )
)


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As on the identity card."))
    born = DateField(label=gettext_lazy("Born"))
    amount = MoneyField(label=gettext_lazy("Amount"), least=100, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", "–"), ("new", gettext_lazy("New")), ("known", gettext_lazy("Known"))]
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Way to reach"),
        widget=forms.RadioSelect,
        choices=[("phone", gettext_lazy("Phone")), ("letter", gettext_lazy("Letter"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=gettext_lazy("The identity card was seen"))


class SampleFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["model__icontains", "app_label__icontains"])
    app_label = tables.ChoiceFilter(label=gettext_lazy("Wing"), choices=lambda: _apps())


def _apps() -> list[tuple[str, str]]:
    names = ContentType.objects.values_list("app_label", flat=True).order_by("app_label").distinct()
    return [(name, name) for name in names]


def _shout(request: HttpRequest, rows: QuerySet[ContentType]) -> str:
    return _("%(count)s rows were chosen.") % {"count": rows.count()}


class SampleTable(tables.Table):
    """Record types of this installation: real rows that show nothing about anybody."""

    model = tables.PersonColumn(gettext_lazy("Record type"), linkify=lambda record: f"?q={record.model}")
    app_label = tables.Column(gettext_lazy("Wing"))
    id = tables.NumberColumn(gettext_lazy("Number"), total=True)
    cents = tables.MoneyColumn(gettext_lazy("Amount"), accessor="id", orderable=False)
    state = tables.Column(gettext_lazy("State"), accessor="id", orderable=False)

    def render_cents(self, value: int) -> str:
        return money_text(value * 1234 - 5000)

    def value_cents(self, value: int) -> str:
        return plain(value * 1234 - 5000)

    def render_state(self, record: ContentType) -> SafeString:
        return status(_TONES[record.pk % 5], _WORDS[record.pk % 5])

    def value_state(self, record: ContentType) -> str:
        return str(_WORDS[record.pk % 5])

    class Meta:
        order_by = ("model",)
        per_page = 10

    key = "sample"
    caption = gettext_lazy("Record types")
    filters = SampleFilters
    empty = tables.Empty(gettext_lazy("No record types"), gettext_lazy("They appear after the first migration."))
    bulk = (
        tables.BulkAct("count", gettext_lazy("Count them"), run=_shout, icon="calculator"),
        tables.BulkAct(
            "drop", gettext_lazy("Forget them"), run=_shout, kind="danger", confirm=gettext_lazy("Forget these rows?")
        ),
    )


@guarded(SIGNED_IN)
def show(request: HttpRequest) -> HttpResponseBase:
    """Every component in all its states."""
    if request.method == "POST" and "_bulk" not in request.POST:
        form = SampleForm(request.POST)
        response = _page(request, form)
        response.status_code = form_status(form)
        return response
    return _page(request, SampleForm())


def _page(request: HttpRequest, form: SampleForm) -> HttpResponseBase:
    context = {"form": form, "board": _board(request), **_samples()}
    return tables.table_response(request, SampleTable, ContentType.objects.all(), "ui/gallery.html", context)


@guarded(SIGNED_IN, keeps_alive=False)
def move(request: HttpRequest) -> HttpResponse:
    """Move a card of the sample board one column on; GET asks whether the board has moved."""
    if request.method == "POST":
        places = _places(request)
        card = request.POST.get("card", "")
        if card in places:
            places[card] = min(places[card] + 1, len(_COLUMNS) - 1)
            request.session[_BOARD] = places
            toast(request, _("Moved."))
        if not request.headers.get("HX-Request"):
            return redirect(f"{reverse('ui:gallery')}#board")
    return board_response(request, _board(request), "ui/gallery_board.html")


@guarded(SIGNED_IN)
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Show a toast of the tone that was pressed; `refuse` raises what a service raises."""
    tone = request.POST.get("tone", "info")
    if tone == "refuse":
        raise Conflict(_("Somebody else was first."))
    texts = {"ok": _("Saved."), "info": _("A note."), "warn": _("Look at this."), "bad": _("That was refused.")}
    toast(request, texts.get(tone, texts["info"]), tone if tone in texts else "info", undo_url=request.path)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(f"{reverse('ui:gallery')}#toasts-demo")


def _places(request: HttpRequest) -> dict[str, int]:
    places: dict[str, int] = request.session.get(_BOARD) or {"a": 0, "b": 0, "c": 1, "d": 2}
    return places


def _card(key: str, column: int) -> BoardCard:
    names = {"a": "Ana Ruiz", "b": "Ben Okafor", "c": "Chidi Anagonye", "d": "Dolores Vega"}
    waits = {"a": 7, "b": 26, "c": 12, "d": 75}
    acts: tuple[BoardAct, ...] = ()
    if column < len(_COLUMNS) - 1:
        acts = (BoardAct(_("Move on"), reverse("ui:gallery_board"), icon="arrow-right", values={"card": key}),)
    late = waits[key] > 20
    return BoardCard(
        id=key,
        title=names[key],
        href="#board",
        detail=_("New patient") if key == "a" else "",
        since=now() - dt.timedelta(minutes=waits[key]),
        tone="warn" if late else "neutral",
        badge=_("Waits long") if late else "",
        facts=[(_("Clinician"), "Dr. Osei")],
        acts=acts,
    )


def _board(request: HttpRequest) -> Board:
    places = _places(request)
    looks = {
        "arrived": (_("Arrived"), "door-enter"),
        "roomed": (_("Roomed"), "bed"),
        "with_clinician": (_("With clinician"), "stethoscope"),
        "ready": (_("Ready to leave"), "door-exit"),
    }
    columns = [
        BoardColumn(key, *looks[key], cards=[_card(card, index) for card, at in places.items() if at == index])
        for index, key in enumerate(_COLUMNS)
    ]
    version = "-".join(f"{card}{at}" for card, at in sorted(places.items()))
    return Board("sample", _("Flow board"), columns, version, reverse("ui:gallery_board"), every="4s")


def _samples() -> dict[str, Any]:
    moment = now()
    return {
        "moment": moment,
        "period": Period(dt.date(2026, 11, 1), dt.date(2026, 12, 1)),
        "since": Period(dt.date(2026, 7, 1)),
        "day": dt.date(2026, 11, 30),
        "trend": [38.1, 37.4, 37.9, 36.2, 35.8, 35.1, 34.2],
        "tabs": [
            Tab(_("Overview"), "#tabs", True),
            Tab(_("Visits"), "#tabs", count=12),
            Tab(_("Claims"), "#tabs", count=0),
        ],
        "moments": _moments(moment),
        "steps": _steps(),
        "charts": _charts(),
        "tones": ["ok", "warn", "bad", "info", "busy", "neutral"],
    }


def _moments(moment: dt.datetime) -> list[Moment]:
    return [
        Moment(_("Checked in"), moment, "M. Lind", "door-enter", "ok", "#timeline"),
        Moment(_("Claim denied"), moment - dt.timedelta(hours=30), _("Payer"), "file-x", "bad", detail="CO-197"),
        Moment(_("Booked"), moment - dt.timedelta(days=9), "P. Shah", "calendar-plus"),
    ]


def _steps() -> list[Step]:
    return [
        Step(_("Identity"), "done", _("Card seen")),
        Step(_("Cover"), "current", _("Last checked 40 days ago"), "#steps", _("Check now")),
        Step(_("Consent"), "blocked", _("The form is missing"), "#steps", _("Sign")),
        Step(_("Co-pay"), "todo"),
        Step(_("Photo"), "skipped"),
    ]


def _charts() -> list[Chart]:
    months = ["May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    days = [38.1, 37.4, 37.9, 36.2, 41.9, 35.1, 34.2]
    causes = [_("Authorization"), _("Eligibility"), _("Coding"), _("Timely filing"), _("Duplicate")]
    billed, paid = Series(_("Billed"), [80, 84, 79, 90, 88, 95, 97]), Series(_("Paid"), [61, 63, 60, 70, 64, 72, 75])
    hrefs = [f"#m{index}" for index in range(len(months))]
    return [
        Chart("line", _("Days in A/R"), "line", months, [Series(_("Group"), days)], _("days"), _("Falling since May."),
              target=35, target_label=_("Goal"), hrefs=hrefs),
        Chart("control", _("No-show rate"), "control", months, [Series(_("Rate"), [6, 7, 6.5, 7.2, 12.5, 6.8, 7])], "%",
              _("September stands out."), limits=(4.0, 9.5)),
        Chart("bar", _("Visits"), "bar", months, [billed]),
        Chart("stacked", _("Billed and paid"), "stacked", months, [billed, paid]),
        Chart("pareto", _("Denials by cause"), "pareto", causes, [Series(_("Denials"), [52, 31, 12, 6, 3])]),
        Chart("hbar", _("Fill by clinician"), "hbar", ["Osei", "Lin", "Tran"], [Series(_("Fill"), [115, 92, 70])], "%"),
        Chart("waterfall", _("Billed and paid"), "waterfall", [_("Billed"), "CO 45", "PLB", _("Paid")],
              [Series(_("Cash"), [100, -130, 20, -10])], "$", totals=(0, 3), height="lg"),
        Chart("area", _("Cash"), "area", months, [paid], "$k"),
        Chart("donut", _("Payer mix"), "donut", ["Medicare", "HMO", _("Other")], [Series(_("Share"), [41, 18, 41])]),
    ]  # fmt: skip
