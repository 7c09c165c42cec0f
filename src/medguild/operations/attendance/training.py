"""Training, in a job or by hand: reads the group's own visits, learns, tests on the later part, keeps a version.

What is kept is what was tested: the model is not fitted again on the test's visits, only its intercept follows them.
"""

from __future__ import annotations

import datetime as dt
import importlib
import time
from collections import defaultdict
from collections.abc import Sequence
from importlib import metadata
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from medguild.foundation.access.demand import demand
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_within_walls
from medguild.operations.attendance.auditing import audit
from medguild.operations.attendance.errors import LibraryMissing, TooFewVisits
from medguild.operations.attendance.fairness_rules import Cell
from medguild.operations.attendance.history import SETTLED, Lived, past_visits
from medguild.operations.attendance.metric_rules import shortfalls
from medguild.operations.attendance.models import FairnessCell, NoShowCalibration, NoShowModel
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.recording import TRAINED
from medguild.operations.attendance.rules import Stage, offset_for, recalibrated, site_offset
from medguild.operations.attendance.standards import bar
from medguild.operations.scheduling.models import Appointment

if TYPE_CHECKING:
    from medguild.operations.attendance.learning import Learned

LIBRARIES = ("scikit-learn", "scipy", "numpy", "joblib", "threadpoolctl")
PERIOD = dt.timedelta(days=730)
MEMORY = dt.timedelta(days=730)  # before the period: outcomes that count as earlier ones
TEST = dt.timedelta(days=56)
WINDOW = dt.timedelta(days=28)
_A_DAY = dt.timedelta(days=1)
FEWEST = 200  # visits without which not even a test says anything
MOST_VISITS = 200_000


def library_is_there() -> bool:
    """Whether training is possible here. Asked anew each time: the extra may come while a worker runs, and a package
    whose files are still on their way has not said yet who installed it."""
    importlib.invalidate_caches()
    try:
        return all(metadata.distribution(name).read_text("INSTALLER") is not None for name in LIBRARIES)
    except metadata.PackageNotFoundError:
        return False


def refuse_without_library() -> None:
    """Raises LibraryMissing."""
    if not library_is_there():
        raise LibraryMissing(_("Training needs the package scikit-learn. Install it with: make analytics"))


def train_model(*, unit: Unit, by: Actor, stage: Stage = Stage.BOOKING, at: dt.datetime | None = None) -> NoShowModel:
    """Learn from the visits at and below a unit, and put the new version in use in place of the one before.

    Takes seconds to a minute on one thread: for jobs. Raises NotAllowed, LibraryMissing, TooFewVisits.
    """
    demand(by, AttendanceRight.TRAIN, unit.pk)
    refuse_without_library()
    moment = at or now()
    begun = time.process_time()
    past = past_of(unit.pk, stage=stage, at=moment)
    learned, tested = _learn(past, stage, moment)
    cells = audit(tested, learned.probabilities)
    return _keep(unit, stage, learned, (past, tested), cells, time.process_time() - begun, by, moment)


def past_of(unit_id: UUID, *, stage: Stage, at: dt.datetime) -> list[Lived]:
    """The visits to learn from: those of two years, or the newest of them where there are very many."""
    units = units_within_walls([unit_id], on=at.date())
    start = at - PERIOD
    settled = Appointment.objects.unscoped("training: the moment from which on there are enough").filter(
        unit_id__in=list(units), status__in=SETTLED, start__gte=start, start__lt=at
    )
    beyond = settled.order_by("-start").values_list("start", flat=True)[MOST_VISITS : MOST_VISITS + 1]
    return past_visits(units, stage=stage, start=next(iter(beyond), start), end=at, memory=MEMORY)


def _learn(past: Sequence[Lived], stage: Stage, at: dt.datetime) -> tuple[Learned, Sequence[Lived]]:
    """The latest weeks are the test, a quarter of the time at most."""
    if len(past) < FEWEST:
        raise TooFewVisits(
            _("There are only %(count)d visits with an outcome; %(least)d are needed to learn and to test.")
            % {"count": len(past), "least": FEWEST}
        )
    learning = importlib.import_module("medguild.operations.attendance.learning")
    test_from = at - min(TEST, (at - past[0].start) / 4)
    rows = [learning.Past(one.start, one.facts, bool(one.missed)) for one in past]
    try:
        learned: Learned = learning.learn(rows, stage=stage, test_from=test_from)
    except ValueError:
        raise TooFewVisits(_("Before and within the test both kept and missed visits are needed.")) from None
    return learned, past[len(past) - len(learned.probabilities) :]


def _keep(
    unit: Unit, stage: Stage, learned: Learned, visits: tuple[Sequence[Lived], Sequence[Lived]],
    cells: Sequence[Cell], seconds: float, by: Actor, at: dt.datetime,
) -> NoShowModel:  # fmt: skip
    learning = importlib.import_module("medguild.operations.attendance.learning")
    past, tested = visits
    model = learned.model
    begin = day_of(past[0].start)
    cut = max(day_of(tested[0].start), begin + _A_DAY)
    end = max(day_of(tested[-1].start), cut) + _A_DAY  # half-open: the last visit tested on is in it
    found = shortfalls(learned.evaluation, bar(), trained_on=learned.visits, trained_missed=learned.missed)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # versions of a unit are numbered one after the other
        before = NoShowModel.objects.filter(unit=unit, stage=stage)
        before.filter(active=True).update(active=False)
        kept = NoShowModel.objects.create(
            unit=unit, stage=stage, version=(before.aggregate(last=Max("version"))["last"] or 0) + 1,
            features=[feature.value for feature in model.features], shape=model.shape.as_json(),
            intercept=model.intercept, weights=list(model.weights), means=list(model.means), scales=list(model.scales),
            trained_on=(begin, cut), tested_on=(cut, end),
            visits=learned.visits, missed=learned.missed, metrics=learned.evaluation.as_json(),
            shortfalls=[short.value for short in found], trained_at=at, library=learning.LIBRARY,
            cpu_seconds=round(seconds, 1),
        )  # fmt: skip
        FairnessCell.objects.bulk_create(_cell(kept, cell) for cell in cells)
        _calibrate(kept, [one for one in past if one.start >= at - WINDOW], at.date())
        record(
            TRAINED, subject=SubjectRef("unit", unit.pk, unit.name), by=by, unit_id=unit.pk, occurred_at=at,
            data={"model_id": kept.pk, "version": kept.version, "stage": stage.value, "visits": learned.visits},
        )  # fmt: skip
    return kept


def _cell(model: NoShowModel, cell: Cell) -> FairnessCell:
    return FairnessCell(
        model=model, dimension=cell.dimension, group=cell.group, visits=cell.visits, missed=cell.missed,
        predicted=cell.predicted, calibration=cell.calibration, false_positives=cell.false_positives,
        overbooked=cell.overbooked, wait=cell.wait, flags=[flag.value for flag in cell.flags],
    )  # fmt: skip


def recalibrate(*, model: NoShowModel, at: dt.datetime | None = None) -> NoShowCalibration:
    """Let the intercept follow the outcomes of the last weeks; once a day, the second time returns the first."""
    moment = at or now()
    known = NoShowCalibration.objects.filter(model=model, on=moment.date()).first()
    if known is not None:
        return known
    units = units_within_walls([model.unit_id], on=moment.date())
    stage = Stage(model.stage)
    recent = past_visits(units, stage=stage, start=moment - WINDOW, end=moment, memory=MEMORY)
    with transaction.atomic():
        return _calibrate(model, recent, moment.date())


def _calibrate(model: NoShowModel, recent: Sequence[Lived], on: dt.date) -> NoShowCalibration:
    trained = model.trained()
    raw = [trained.probability(one.facts) for one in recent]
    missed = sum(bool(one.missed) for one in recent)
    offset = offset_for(raw, missed)
    sites: dict[UUID, list[tuple[float, bool]]] = defaultdict(list)
    for one, probability in zip(recent, raw, strict=True):
        sites[one.unit].append((recalibrated(probability, offset), bool(one.missed)))
    return NoShowCalibration.objects.create(
        model=model, on=on, offset=offset, visits=len(recent), missed=missed,
        predicted=sum(raw) / len(raw) if raw else 0.0,
        sites={
            str(site): round(site_offset([one for one, _ in visits], sum(missed for _, missed in visits)), 6)
            for site, visits in sites.items()
        },
    )  # fmt: skip
