"""Patients whose plans have networks that list the clinician, or do not."""

from __future__ import annotations

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said
from medguild.patients.coverage.models import Coverage
from medguild.payers.networks import services as networks
from medguild.payers.networks.rules import Standing
from medguild.payers.payers.models import Plan
from tests.factories.payers import make_network, make_payer, make_plan
from tests.factories.scheduling import Schedule
from tests.factories.world import HOUSE, START

PAYS = Said(AnswerKind.SELF_PAY, AskedBy.PHONE, "Your plan does not pay here.")


def cover(made: Schedule, plan: Plan | None, payer: object = None, **more: object) -> Coverage:
    given = {
        "patient": made.patient, "payer": payer or (plan.payer if plan else make_payer()), "plan": plan,
        "rank": "primary", "member_id": "M1", "relation": "self", "period": DateRange(START, None),
    }  # fmt: skip
    return Coverage.objects.create(**(given | more))


def in_network(made: Schedule, **more: object) -> Plan:
    held = make_plan(**more)  # type: ignore[arg-type]
    make_network(held, entity=made.office.entity, clinician=made.clinician)
    cover(made, held)
    return held


def out_of_network(made: Schedule, **more: object) -> Plan:
    """The plan's network lists the group; of the clinician it says: not a participant."""
    held = make_plan(**more)  # type: ignore[arg-type]
    network = make_network(held, entity=made.office.entity)
    networks.list_clinician(
        network=network, entity=made.office.entity, clinician=made.clinician, standing=Standing.OUT, start=START,
        by=HOUSE,
    )  # fmt: skip
    cover(made, held)
    return held


def answers() -> list[NetworkAnswer]:
    return list(NetworkAnswer.objects.unscoped("test").order_by("answered_at"))
