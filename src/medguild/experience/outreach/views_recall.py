"""The page behind the link of a message to somebody who is due for a visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from medguild.experience.outreach import links
from medguild.experience.outreach.recalling import answer_recall
from medguild.experience.outreach.rules import Said
from medguild.foundation.access.guard import PUBLIC, guarded
from medguild.foundation.access.limits import LINKS_OPENED, count_stranger
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.rules import RecallStatus


@guarded(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, token: str) -> HttpResponse:
    """Where they are to come; to be called, or not to come. Nothing about why."""
    count_stranger(request, "recall", LINKS_OPENED)
    found = links.recall_of(token)
    said, refused = request.POST.get("answer", ""), ""
    if request.method == "POST" and said in (Said.YES, Said.NO):
        refused = _answer(found, said)
        found = links.recall_of(token)
    context = {
        "recall": found,
        "token": token,
        "refused": refused,
        "called": said == Said.YES and not refused,
        "open": found.is_open,
        "declined": found.status == RecallStatus.DECLINED,
        "booked": found.status == RecallStatus.BOOKED,
    }
    return render(request, "outreach/recall.html", context, status=409 if refused else 200)


def _answer(found: Recall, said: str) -> str:
    """Empty when it was done, else why not."""
    try:
        answer_recall(
            recall=found, wants=said == Said.YES, by=Actor(ActorKind.LINK, found.pk, _("The patient, by link"))
        )
    except Refusal as refusal:
        return refusal.message
    return ""
