"""The page behind the link of a reminder, and the list of messages for the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from medguild.experience.outreach import links, selectors
from medguild.experience.outreach.invitation import invitation_of
from medguild.experience.outreach.permissions import OutreachRight
from medguild.experience.outreach.tables import NoticeTable
from medguild.experience.outreach.visit_page import visit_page
from medguild.foundation.access.guard import NOTED, PUBLIC, guarded
from medguild.foundation.access.limits import LINKS_OPENED, count_stranger
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.scheduling.permissions import SchedulingRight


@guarded(OutreachRight.READ, reads=NOTED)
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """What was sent, withheld or failed, the newest first."""
    rows = selectors.notices(actor_of(request))
    context = {"may_set": actor_of(request).may(SchedulingRight.TEMPLATES)}
    return tables.table_response(request, NoticeTable, rows, "outreach/list.html", context)


@guarded(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """When and where; yes, or no; afterwards how it was. Whoever has the link may answer."""
    count_stranger(request, "visit", LINKS_OPENED)
    found = links.visit_of(token)
    return visit_page(request, found, by=Actor(ActorKind.LINK, found.pk, _("The patient, by link")))


@guarded(PUBLIC)
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for the patient's own calendar."""
    count_stranger(request, "visit", LINKS_OPENED)
    found = links.visit_of(token)
    answer = HttpResponse(invitation_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
