"""What payers ask of visits by video and phone: most pay both, one ends its rule for video soon, one does not pay phone.

Medicare's rules end as the law says today; of workers' compensation and auto insurance nothing is on file.
"""

from __future__ import annotations

import datetime as dt

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.foundation.kernel.clock import at_local
from medguild.payers.payers.models import Payer
from medguild.payers.remote.rules import PLACE_AT_HOME, PLACE_ELSEWHERE, RemoteMode, RemoteTerms
from medguild.payers.remote.services import set_remote_rule
from medguild.payers.remote.work import warn_of_ends

FLEXIBILITIES_END = dt.date(2028, 1, 1)  # Medicare: to the end of 2027 (domain facts: licence and telehealth)
ENDS_IN = dt.timedelta(days=45)
NOT_PAID = RemoteTerms(covered=False)


def _paid(*modifiers: str) -> RemoteTerms:
    return RemoteTerms(True, PLACE_AT_HOME, PLACE_ELSEWHERE, modifiers)


def build_remote_rules(group: Group, size: plan.Size, today: dt.date) -> None:
    """For each payer what it asks of video, then of phone, and the day on which it ends."""
    medicare = max(FLEXIBILITIES_END, today + dt.timedelta(days=365))
    rules = {
        "EVGRN1": (_paid("95"), _paid("93"), today + ENDS_IN, None),
        "PACMUT": (_paid("95"), NOT_PAID, None, None),
        "MEDB01": (_paid(), _paid("93"), medicare, medicare),
        "SUMADV": (_paid("95"), _paid("93"), None, None),
        "STMCD1": (_paid("95"), _paid("93"), None, None),
    }
    for payer in Payer.objects.filter(payer_id__in=rules).order_by("name"):
        video, phone, video_end, phone_end = rules[payer.payer_id]
        for mode, terms, end in ((RemoteMode.VIDEO, video, video_end), (RemoteMode.PHONE, phone, phone_end)):
            set_remote_rule(
                payer=payer, mode=mode, terms=terms, start=group.start, end=end, source="Provider manual", by=LOADER
            )
    warn_of_ends(by=LOADER, on=today, at=at_local(today, dt.time(), plan.TIME_ZONE))
