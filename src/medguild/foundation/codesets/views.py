"""Pages of code sets: what is loaded, and the picker's search."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from medguild.foundation.codesets import selectors
from medguild.foundation.codesets.rules import System
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.guard import SIGNED_IN, guarded

_LIMIT = 20


@guarded(SIGNED_IN)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "codesets/index.html", {"editions": selectors.editions()})


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
        return now().date()
