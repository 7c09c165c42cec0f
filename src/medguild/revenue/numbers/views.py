"""The numbers of the revenue cycle, and the rows behind each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.revenue.numbers import measures
from medguild.revenue.numbers.tables import CleanTable, FirstAnswerTable, LagTable
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.statements.selectors import accounts_named

_MOST_BALANCES = 100
_FORMULAS = {
    "denials": gettext_lazy("Claims denied whole at their first decision, of all claims decided for the first time."),
    "lag": gettext_lazy("Days from the service to the posting of its charge, on average over all charges posted."),
    "clean": gettext_lazy("Claims that passed all edits at once and that nobody touched, of all that met the edits."),
    "receivable": gettext_lazy(
        "What is owed today per average daily gross charges of the time shown; credit balances stand apart."
    ),
}


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


@guarded(RemittancesRight.READ)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), now()
    span = measures.recent(at)
    numbers = []
    if actor.may(LedgerRight.READ):
        numbers.append((_("Days in A/R"), _shown(measures.days_in_ar(actor, as_of=day_of(at)).days), "receivable"))
    numbers += [
        (_("Denied at first, %"), _shown(measures.initial_denial_rate(actor, **span).claims.percent), "denials"),
        (_("Charge lag, days"), _shown(measures.charge_lag(actor, **span).value), "lag"),
        (_("Clean claims, %"), _shown(measures.clean_claims(actor, **span).percent), "clean"),
    ]
    shown = [(label, value, reverse("numbers:rows", args=[key]), _FORMULAS[key]) for label, value, key in numbers]
    return render(request, "numbers/overview.html", {"numbers": shown, "days": measures.LOOK_BACK})


@guarded(RemittancesRight.READ, reads=NOTED)
@require_GET
def rows(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows of one number; what they make is told above them."""
    make = _PAGES.get(key)
    if make is None:
        raise Http404
    return make(request, actor_of(request), now(), {"formula": _FORMULAS[key], "days": measures.LOOK_BACK})


def _lag(request: HttpRequest, actor: Actor, at: dt.datetime, context: dict[str, Any]) -> HttpResponseBase:
    found = measures.charge_lag(actor, **measures.recent(at))
    context |= {
        "title": _("Charge lag"),
        "parts": [
            (_("Days per charge"), _shown(found.value)),
            (_("Days in all"), int(found.numerator)),
            (_("Charges posted"), int(found.denominator)),
        ],
    }
    table = measures.captured_charges(actor, **measures.recent(at))
    return tables.table_response(request, LagTable, table, "numbers/rows.html", context)


def _clean(request: HttpRequest, actor: Actor, at: dt.datetime, context: dict[str, Any]) -> HttpResponseBase:
    found = measures.clean_claims(actor, **measures.recent(at))
    context |= {
        "title": _("Clean claims"),
        "parts": [
            (_("Clean, %"), _shown(found.percent)),
            (_("Clean"), int(found.numerator)),
            (_("Met the edits"), int(found.denominator)),
        ],
    }
    table = measures.entered_claims(actor, **measures.recent(at))
    return tables.table_response(request, CleanTable, table, "numbers/rows.html", context)


def _denials(request: HttpRequest, actor: Actor, at: dt.datetime, context: dict[str, Any]) -> HttpResponseBase:
    found = measures.initial_denial_rate(actor, **measures.recent(at))
    context |= {
        "title": _("Denied at first"),
        "parts": [
            (_("Of claims, %"), _shown(found.claims.percent)),
            (_("Denied whole"), int(found.claims.numerator)),
            (_("Denied in part"), found.partly_denied),
            (_("Decided for the first time"), int(found.claims.denominator)),
            (_("Of dollars, %"), _shown(found.dollars.percent)),
        ],
    }
    table = measures.first_answers(actor, **measures.recent(at))
    return tables.table_response(request, FirstAnswerTable, table, "numbers/rows.html", context)


def _receivable(request: HttpRequest, actor: Actor, at: dt.datetime, context: dict[str, Any]) -> HttpResponseBase:
    balances = measures.open_balances(actor, as_of=day_of(at))
    found = measures.days_in_ar_of(actor, balances, as_of=day_of(at))
    shown = balances[:_MOST_BALANCES]
    names = accounts_named(actor, {one.account_id for one in shown if one.account_id})
    context |= {
        "title": _("Days in A/R"),
        "parts": [
            (_("Days"), _shown(found.days)),
            (_("Owed to the group"), dollars(found.debits)),
            (_("Credit balances"), dollars(found.credits)),
            (_("Gross charges"), dollars(found.charges)),
        ],
        "balances": [(one, names.get(one.account_id)) for one in shown],
        "more": len(balances) - len(shown),
    }
    return render(request, "numbers/receivable.html", context)


_PAGES: dict[str, Callable[[HttpRequest, Actor, dt.datetime, dict[str, Any]], HttpResponseBase]] = {
    "lag": _lag,
    "clean": _clean,
    "denials": _denials,
    "receivable": _receivable,
}
