"""Who may open pages of remittances."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.models import Denial, Remittance, RemittanceClaim
from tests.factories.remittances import Desk, answer, as_file, service
from tests.factories.revenue import make_billing
from tests.factories.world import HOUSE, World
from tests.url_tables import Row


def desk(world: World) -> Desk:
    found: Desk = world.kept.setdefault("remittance_desk", Desk(world, make_billing(world)))
    return found


def _made(world: World) -> dict[str, Any]:
    """A posted payment with a claim found and one lost, one in quarantine, one of an unknown payee."""
    if "remittances" in world.kept:
        return world.kept["remittances"]  # type: ignore[no-any-return]
    place = desk(world)
    claim = place.sent("99213", "93000")
    first, second = place.lines(claim)
    found = answer(claim.number, service(first, first.amount), service(second, 0, ("CO", "50", second.amount)))
    lost = answer("LOST1", service(first, 4_000, ("CO", "45", first.amount - 4_000)))
    posted = place.take(place.remittance(found, lost)).remittances[0].remittance_id
    good = place.remittance(lost, trace_number="ODD1")
    odd = replace(good, header=replace(good.header, payment_cents=good.header.payment_cents + 1))
    held = import_remittances(content=as_file(odd), filename="odd.835", by=HOUSE).remittances[0].remittance_id
    stranger = place.remittance(lost, trace_number="ODD2")
    payee = replace(stranger.header.payee, id="1999999984", references=())
    unknown = place.take(replace(stranger, header=replace(stranger.header, payee=payee)), unit_id=place.entity_id)
    uncovered = place.sent("93000")
    (only,) = place.lines(uncovered)
    place.take(place.remittance(answer(uncovered.number, service(only, 0, ("CO", "31", only.amount)), status="4")))
    rows = RemittanceClaim.objects.unscoped("the test looks")
    world.kept["remittances"] = {
        "posted": posted,
        "held": held,
        "unknown": unknown.remittances[0].remittance_id,
        "claim": rows.get(remittance_id=posted, patient_control=claim.number).pk,
        "lost": rows.get(remittance_id=posted, patient_control="LOST1").pk,
        "denial": Denial.objects.unscoped("the test looks").get(claim=claim).pk,
        "number": claim.number,
        "uncovered": uncovered.pk,
        "trace": Remittance.objects.unscoped("the test looks").get(pk=posted).trace_number,
        "entity": place.entity_id,
    }
    return world.kept["remittances"]  # type: ignore[no-any-return]


POSTER, WRONG = Role.PAYMENT_POSTER, Role.FRONT_DESK
URLS = {
    "remittances:list": Row(POSTER, WRONG, other="own", shows=lambda world: _made(world)["trace"]),
    "remittances:upload": Row(POSTER, WRONG, other="own"),
    "remittances:quarantine": Row(POSTER, WRONG, other="own", shows=lambda world: str(_made(world)["held"])),
    "remittances:suspense": Row(POSTER, WRONG, other="own", shows=lambda world: str(_made(world)["lost"])),
    "remittances:place": Row(POSTER, WRONG, kwargs=lambda world: {"claim_id": _made(world)["lost"]}),
    "remittances:denials": Row(POSTER, WRONG, other="own", shows=lambda world: _made(world)["number"]),
    "remittances:denial": Row(
        POSTER, WRONG, kwargs=lambda world: {"denial_id": _made(world)["denial"]}
    ),
    **{
        f"remittances:{name}": Row(
            POSTER, WRONG, method="post", kwargs=lambda world: {"denial_id": _made(world)["denial"]},
            data=lambda world: {"reason": "Tried twice"},
        )
        for name in ("write_off", "ask_write_off", "bill_patient", "close_denial")
    },
    "remittances:other_cover": Row(
        POSTER, WRONG, method="post", kwargs=lambda world: {"denial_id": _made(world)["denial"]},
        data=lambda world: {"coverage": ""},
    ),
    "remittances:desk": Row(Role.FRONT_DESK, POSTER, kwargs=lambda world: {"claim_id": _made(world)["uncovered"]}),
    "remittances:desk_cover": Row(
        Role.FRONT_DESK, POSTER, method="post", kwargs=lambda world: {"claim_id": _made(world)["uncovered"]},
        data=lambda world: {"coverage": ""},
    ),
    "remittances:post_twin": Row(
        POSTER, WRONG, method="post", kwargs=lambda world: {"remittance_id": _made(world)["held"]},
        data=lambda world: {"reason": "Both are on the bank statement"},
    ),
    "remittances:show": Row(POSTER, WRONG, kwargs=lambda world: {"remittance_id": _made(world)["posted"]}),
    "remittances:claim": Row(
        POSTER, WRONG,
        kwargs=lambda world: {"remittance_id": _made(world)["posted"], "claim_id": _made(world)["claim"]},
    ),
    "remittances:check": Row(
        POSTER, WRONG, method="post", kwargs=lambda world: {"remittance_id": _made(world)["held"]}
    ),
    "remittances:set_aside": Row(
        POSTER, WRONG, method="post", kwargs=lambda world: {"remittance_id": _made(world)["held"]},
        data=lambda world: {"reason": "Sent again"},
    ),
    "remittances:payee": Row(
        POSTER, WRONG, method="post", kwargs=lambda world: {"remittance_id": _made(world)["unknown"]},
        data=lambda world: {"entity": str(_made(world)["entity"])},
    ),
}  # fmt: skip
