"""Which model holds where, and the probability of visits that the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Unit, UnitRelation
from medguild.foundation.organization.rules import RelationKind, UnitKind
from medguild.foundation.organization.selectors import units_above
from medguild.operations.attendance.history import DAY, Lived, visits_with_facts
from medguild.operations.attendance.models import FairnessCell, NoShowCalibration, NoShowModel
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.rules import Feature, Stage, Trained
from medguild.operations.scheduling.models import Appointment

TOLD = 4  # features told as reasons, the strongest
FAINT = 0.05  # log odds that are not worth telling


def units_to_train(*, on: dt.date) -> list[Unit]:
    """Each group learns for itself; so does each member of an IPA, whose visits stay its own."""
    members = UnitRelation.objects.filter(kind=RelationKind.MEMBER_OF, period__startswith__lte=on)
    today = Unit.objects.filter(period__contains=on)
    groups = today.filter(kind=UnitKind.ENTERPRISE) | today.filter(pk__in=members.values("source_id"))
    return list(groups.distinct().order_by("name"))


def active_model(unit_id: UUID, *, on: dt.date, stage: Stage = Stage.BOOKING) -> NoShowModel | None:
    """The model in use at a unit: its own, else that of the nearest unit above."""
    above = units_above(unit_id, on=on)
    models = {
        model.unit_id: model
        for model in NoShowModel.objects.filter(unit_id__in=above, stage=stage, active=True).select_related("unit")
    }
    return next((models[unit] for unit in above if unit in models), None)


def models_at(unit_ids: Collection[UUID], *, on: dt.date, stage: Stage = Stage.BOOKING) -> list[NoShowModel]:
    """The models in use at some units, each once; one statement."""
    models = NoShowModel.objects.filter(stage=stage, active=True, unit__paths_down__descendant_id__in=list(unit_ids),
                                        unit__paths_down__period__contains=on)  # fmt: skip
    return list(models.select_related("unit").distinct().order_by("unit__name"))


def trained_now(model: NoShowModel, site_id: UUID | None = None) -> Trained:
    """With its newest recalibration, and that of the site where one is given."""
    newest = newest_calibration(model)
    if newest is None:
        return model.trained()
    return model.trained(newest.offset + float(newest.sites.get(str(site_id), 0.0)))


def newest_calibration(of: NoShowModel) -> NoShowCalibration | None:
    return NoShowCalibration.objects.filter(model=of).order_by("-on").first()


def models_of(unit_ids: Iterable[UUID]) -> QuerySet[NoShowModel]:
    """All versions of units, the newest first."""
    return (
        NoShowModel.objects.filter(unit_id__in=list(unit_ids)).select_related("unit").order_by("-trained_at", "stage")
    )


def model(model_id: UUID) -> NoShowModel:
    """One version, or NotVisible."""
    found = NoShowModel.objects.select_related("unit").filter(pk=model_id).first()
    if found is None:
        raise NotVisible
    return found


def cells_of(of: NoShowModel) -> QuerySet[FairnessCell]:
    return FairnessCell.objects.filter(model=of).order_by("dimension", "group")


@dataclass(frozen=True, slots=True)
class Expected:
    """A visit to come with the probability that the patient does not."""

    lived: Lived
    probability: float


def expected_of(appointments: QuerySet[Appointment], trained: Trained) -> list[Expected]:
    """Probabilities of visits that the caller may see, by time."""
    visits = visits_with_facts(appointments, stage=trained.shape.stage)
    return [Expected(one, trained.probability(one.facts)) for one in visits]


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that raises or lowers the probability of a visit against the average visit."""

    feature: Feature
    raises: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A probability with its reasons; `usual` is that of the average visit of the last weeks."""

    probability: float
    usual: float
    reasons: Sequence[Reason]
    lived: Lived
    model: NoShowModel


def explained(actor: Actor, appointment: Appointment, *, at: dt.datetime | None = None) -> Explained | None:
    """Why a visit that the actor may see is likelier or less likely to be missed than others; None without a model
    that is good enough, and where the actor lacks the right."""
    moment = at or now()
    stage = Stage.DAY_BEFORE if appointment.start - moment <= DAY else Stage.BOOKING
    found = active_model(appointment.unit_id, on=moment.date(), stage=stage)
    if found is None or found.shortfalls:
        return None
    rows = Appointment.objects.visible_to(actor, AttendanceRight.READ).filter(pk=appointment.pk)
    trained = trained_now(found, appointment.unit_id)
    for one in expected_of(rows, trained):
        reasons = [
            Reason(feature, effect > 0, abs(effect))
            for feature, effect in trained.effects(one.lived.facts)
            if abs(effect) >= FAINT
        ]
        return Explained(one.probability, _usual(found), reasons[:TOLD], one.lived, found)
    return None


def _usual(of: NoShowModel) -> float:
    newest = newest_calibration(of)
    return newest.missed / newest.visits if newest and newest.visits else of.missed / max(of.visits, 1)
