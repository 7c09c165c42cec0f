"""Pages of code sets: what is loaded, and the picker's search."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.codesets import selectors, services
from medguild.foundation.codesets.forms import LoadForm
from medguild.foundation.codesets.models import CodeSet
from medguild.foundation.codesets.rights import CodeSetRight
from medguild.foundation.codesets.rules import Difference, LineError, System
from medguild.foundation.codesets.words import SYSTEMS
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.guard import SIGNED_IN, guarded
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast

_LIMIT = 20
_ERRORS = 200


@guarded(SIGNED_IN)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    editions = [(one, SYSTEMS.get(one.system, one.system)) for one in selectors.editions()]
    context = {"editions": editions, "may_manage": actor_of(request).may(CodeSetRight.MANAGE)}
    return render(request, "codesets/index.html", context)


class CodeFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["key__istartswith", "words__icontains"], label=gettext_lazy("Code or words"))


class CodeTable(tables.Table):
    code = tables.Column(gettext_lazy("Code"), css="nowrap")
    label_text = tables.Column(gettext_lazy("Meaning"), orderable=False)
    use = tables.Column(gettext_lazy("Use"), accessor="selectable", orderable=False)

    class Meta:
        order_by = ("code",)

    key = "codes"
    caption = gettext_lazy("Codes")
    filters = CodeFilters
    empty = tables.Empty(gettext_lazy("No codes"), gettext_lazy("Nothing in this edition begins so."))

    def render_use(self, value: bool) -> str:
        return "" if value else _("Heading")


@guarded(SIGNED_IN)
@require_GET
def edition(request: HttpRequest, edition_id: UUID) -> HttpResponseBase:
    """The codes of an edition."""
    shown = get_object_or_404(CodeSet, pk=edition_id)
    context = {
        "edition": shown,
        "label": SYSTEMS.get(shown.system, shown.system),
        "may_manage": actor_of(request).may(CodeSetRight.MANAGE),
    }
    return tables.table_response(request, CodeTable, selectors.codes_of(shown), "codesets/edition.html", context)


@guarded(CodeSetRight.MANAGE)
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Load a licensed set from a file that the group has; all of it or nothing."""
    form = LoadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found: Difference | None = None
    errors: list[LineError] = []
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            try:
                found = services.import_codes(
                    system=System(given["system"]), version=given["version"], content=given["file"],
                    start=given["start"], source=given["source"], dry_run=given["dry_run"], by=actor_of(request),
                )  # fmt: skip
            except services.FileRefused as refused:
                errors = list(refused.errors[:_ERRORS])
                raise
    context = {"form": form, "found": found, "errors": errors, "dry_run": form.is_bound and form.data.get("dry_run")}
    return render(request, "codesets/load.html", context, status=form_status(form))


@guarded(CodeSetRight.MANAGE)
@require_POST
def withdraw(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """Take an edition back that was loaded by mistake."""
    services.withdraw_edition(edition=get_object_or_404(CodeSet, pk=edition_id), by=actor_of(request))
    toast(request, _("Withdrawn; the edition before it holds again."))
    return redirect("codesets:index")


@guarded(SIGNED_IN)
@require_GET
def search_codes(request: HttpRequest, system: str) -> HttpResponse:
    """`?q=` beginning of a code or words, `&on=` date of service, `&leaf=1` only what may be put on a claim.

    Answers JSON, or to HTMX the options of a datalist.
    """
    if system not in System.__members__.values():
        raise Http404(_("There is no such code set."))
    found = selectors.search(
        System(system), request.GET.get("q", ""), _day(request.GET.get("on", "")), _LIMIT,
        only_selectable=request.GET.get("leaf") == "1",
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "codesets/_options.html", {"codes": found})
    rows = [{"code": one.code, "label": one.label, "selectable": one.selectable, "valid": one.valid} for one in found]
    return JsonResponse({"codes": rows})


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return today()
