"""Trained models as numbers, their recalibrations, the audit by group, and what was done with proposals.

No row of the first three holds anything of a patient.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.operations.attendance.choice_rules import LONGEST_REASON, MOST_PROPOSED, Choice
from medguild.operations.attendance.fairness_rules import SMALL, Dimension
from medguild.operations.attendance.metric_rules import Evaluation, Shortfall, evaluation_from
from medguild.operations.attendance.rules import Feature, Stage, Trained, shape_from
from medguild.operations.scheduling.models import Appointment

_NUMBERS = "coefficients and rates of a whole group tell nothing of a patient"
_FINAL = """
    if tg_op = 'DELETE' or not old.active
        or to_jsonb(old) - 'active' is distinct from to_jsonb(new) - 'active' then
        raise exception 'a trained model is final; train a new version'
            using errcode = 'integrity_constraint_violation', constraint = 'no_show_model_is_final';
    end if;
    return new;
"""


def _final(name: str) -> pgtrigger.Trigger:
    """Numbers that were written once stay."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
    raise exception 'numbers of a model are final'
        using errcode = 'integrity_constraint_violation', constraint = '{name}';
""",
    )


class NoShowModel(OpenModel):
    """A version of a group's model: coefficients, how facts become columns, on what and how well it was tested.

    At most one per unit and stage is in use. It is used also where it gives no advice (`shortfalls`): for the page that
    says why not.
    """

    OPEN_REASON = _NUMBERS
    PHI = NO_PHI

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.TextField(default=Stage.BOOKING)
    version = models.PositiveIntegerField()
    active = models.BooleanField(default=True)
    features = ArrayField(models.TextField())
    shape = models.JSONField()
    intercept = models.FloatField()
    weights = ArrayField(models.FloatField())
    means = ArrayField(models.FloatField())
    scales = ArrayField(models.FloatField())
    trained_on = DateRangeField()
    tested_on = DateRangeField()
    visits = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    metrics = models.JSONField()
    shortfalls = ArrayField(models.TextField(), default=list, blank=True)
    trained_at = models.DateTimeField()
    library = models.TextField()
    cpu_seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "stage", "version"], name="no_show_model_version_once"),
            models.UniqueConstraint(
                fields=["unit", "stage"], condition=Q(active=True), name="no_show_model_one_active"
            ),
            one_of("stage", list(Stage), name="no_show_model_stage_known"),
            models.CheckConstraint(
                name="no_show_model_features_allowed",
                condition=Q(features__contained_by=[feature.value for feature in Feature], features__len__gte=1),
            ),
            models.CheckConstraint(
                name="no_show_model_shortfalls_known",
                condition=Q(shortfalls__contained_by=[short.value for short in Shortfall]),
            ),
            models.CheckConstraint(
                name="no_show_model_columns_match",
                condition=Q(weights__len=F("means__len"), scales__len=F("means__len"), means__len__gte=1),
            ),
            models.CheckConstraint(name="no_show_model_missed_of_visits", condition=Q(missed__lte=F("visits"))),
            models.CheckConstraint(
                name="no_show_model_tested_later", condition=Q(tested_on__startswith__gte=F("trained_on__endswith"))
            ),
            whole_period("trained_on", name="no_show_model_trained_on_whole"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_show_model_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_FINAL,
            )
        ]

    def label(self) -> str:
        return _("Version %(version)s") % {"version": self.version}

    @property
    def evaluation(self) -> Evaluation:
        return evaluation_from(self.metrics)

    def trained(self, offset: float = 0.0) -> Trained:
        return Trained(
            shape=shape_from(self.stage, self.shape),
            intercept=self.intercept,
            weights=tuple(self.weights),
            means=tuple(self.means),
            scales=tuple(self.scales),
            offset=offset,
            features=tuple(Feature(name) for name in self.features),
        )


class NoShowCalibration(OpenModel):
    """The intercept's shift (log odds) by the visits of the weeks before `on`; `sites` has what is added at each site,
    by its id."""

    OPEN_REASON = _NUMBERS
    PHI = NO_PHI

    model = models.ForeignKey(NoShowModel, on_delete=models.PROTECT, related_name="calibrations", db_index=False)
    on = models.DateField()
    offset = models.FloatField()
    visits = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    predicted = models.FloatField()
    sites = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "on"], name="no_show_calibration_once_a_day"),
            models.CheckConstraint(name="no_show_calibration_bounded", condition=Q(offset__range=(-3, 3))),
            models.CheckConstraint(name="no_show_calibration_missed_of_visits", condition=Q(missed__lte=F("visits"))),
        ]
        triggers = [_final("no_show_calibration_is_final")]


class FairnessCell(OpenModel):
    """A group of patients in the later period on which a model was tested; without numbers where it is too small."""

    OPEN_REASON = _NUMBERS
    PHI = NO_PHI

    model = models.ForeignKey(NoShowModel, on_delete=models.PROTECT, related_name="cells", db_index=False)
    dimension = models.TextField()
    group = models.TextField()
    visits = models.PositiveIntegerField(null=True)
    missed = models.FloatField(null=True)
    predicted = models.FloatField(null=True)
    calibration = models.FloatField(null=True)
    false_positives = models.FloatField(null=True)
    overbooked = models.FloatField(null=True)
    wait = models.FloatField(null=True)
    flags = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "dimension", "group"], name="fairness_cell_once"),
            one_of("dimension", list(Dimension), name="fairness_cell_dimension_known"),
            models.CheckConstraint(
                name="fairness_cell_not_small",
                condition=Q(visits__isnull=False, visits__gte=SMALL)
                | Q(
                    visits=None, missed=None, predicted=None, calibration=None, false_positives=None, overbooked=None,
                    wait=None, flags=[],
                ),
            ),
        ]  # fmt: skip
        triggers = [_final("fairness_cell_is_final")]


class SlotChoice(ScopedModel):
    """What was done with the times proposed for a visit: `place` is the one taken, 1 the first, None another time."""

    SCOPING = Scoping(right="attendance.read", unit="unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK, "reason": Phi.CLINICAL}

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="slot_choice")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    choice = models.TextField()
    reason = models.CharField(max_length=LONGEST_REASON, default="", blank=True)
    role = models.TextField(default="", blank=True)
    chosen_at = models.DateTimeField()
    chosen_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            # Knows the three choices too.
            models.CheckConstraint(
                name="slot_choice_among_proposed",
                condition=Q(choice=Choice.OTHER, place=None)
                | Q(choice=Choice.FIRST, place=1, proposed__gte=1)
                | Q(choice=Choice.LATER, place__gte=2, place__lte=F("proposed")),
            ),
            models.CheckConstraint(name="slot_choice_proposed_bounded", condition=Q(proposed__lte=MOST_PROPOSED)),
        ]
        indexes = [models.Index(fields=["unit", "chosen_at"], name="slot_choice_of_unit")]
