"""Notes with their diagnoses and services. Once signed they are final: triggers refuse, addenda follow."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.db.models.lookups import Regex

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.people import Clinician, Person
from medguild.operations.chart.rules import (
    MOST_DIAGNOSES,
    MOST_MODIFIERS,
    MOST_POINTERS,
    MOST_UNITS,
    NoteStatus,
    Section,
)
from medguild.operations.visits.models import Visit

_CODES = "chart.codes"

_SIGNED_IS_FINAL = """
    raise exception 'a signed note is final; write an addendum'
        using errcode = 'integrity_constraint_violation', constraint = 'note_signed_is_final';
"""
# Share-locks the note: a line that comes while the note is being signed waits, and is then refused.
_LINES_OF_DRAFT = """
    if tg_op <> 'INSERT' then
        perform from operations_note where id = old.note_id and status = 'draft' for share;
        if not found then
            raise exception 'lines of a signed note are final'
                using errcode = 'integrity_constraint_violation', constraint = 'note_lines_are_final';
        end if;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    perform from operations_note where id = new.note_id and status = 'draft' for share;
    if not found then
        raise exception 'lines of a signed note are final'
            using errcode = 'integrity_constraint_violation', constraint = 'note_lines_are_final';
    end if;
    return new;
"""
_AFTER_SIGNATURE = """
    if not exists (select from operations_note where id = new.note_id and status = 'signed') then
        raise exception 'an addendum follows a signature'
            using errcode = 'integrity_constraint_violation', constraint = 'addendum_after_signature';
    end if;
    return new;
"""
_COSIGNATURE_IS_FINAL = """
    raise exception 'a co-signature is final'
        using errcode = 'integrity_constraint_violation', constraint = 'cosignature_is_final';
"""
_ADDENDUM_IS_FINAL = """
    raise exception 'an addendum is final'
        using errcode = 'integrity_constraint_violation', constraint = 'addendum_is_final';
"""
# Whatever signs notes, one or thousands at once, their visits are told in the same statement.
_VISITS_CODED = """
    update operations_visit set coded_at = signed.signed_at
      from new_notes signed join old_notes before on before.id = signed.id
     where operations_visit.id = signed.visit_id and signed.status = 'signed' and before.status <> 'signed'
       and exists (select from operations_noteservice where note_id = signed.id);
    return null;
"""
_CHANGE = pgtrigger.Update | pgtrigger.Delete


def _joined(field: str) -> Func:
    return Func(F(field), Value(" "), function="array_to_string", output_field=models.TextField())


def _lines_are_final(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, operation=pgtrigger.Insert | _CHANGE, when=pgtrigger.Before, func=_LINES_OF_DRAFT
    )


class Note(ScopedModel):
    """What the clinician found, thinks and plans; one for a visit. `digest` is of `rules.canonical_text`.

    `saved_from` names the open page that saved last: it may save again although its `revision` is behind.
    """

    SCOPING = Scoping(
        right="chart.read", unit="visit__site_id", circle="visit__patient__circle_id", patient="visit__patient_id"
    )
    PHI = {"visit": Phi.LINK, **{section.value: Phi.CLINICAL for section in Section}}

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="note")
    author = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="notes", db_index=False)
    status = models.TextField(default=NoteStatus.DRAFT)
    reason = models.TextField(default="", blank=True)
    history = models.TextField(default="", blank=True)
    exam = models.TextField(default="", blank=True)
    assessment = models.TextField(default="", blank=True)
    revision = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.TextField(default="", blank=True)
    saved_from = models.UUIDField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_notes", db_index=False
    )
    digest = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("status", list(NoteStatus), name="note_status_known"),
            models.CheckConstraint(
                name="note_signature_whole",
                condition=Q(
                    status=NoteStatus.SIGNED, signed_at__isnull=False, signed_by__isnull=False,
                    digest__regex=r"^[0-9a-f]{64}$",
                )
                | ~Q(status=NoteStatus.SIGNED) & Q(signed_at__isnull=True, signed_by__isnull=True, digest=""),
            ),
            models.CheckConstraint(
                name="note_signed_after_start",
                condition=Q(signed_at__isnull=True) | Q(signed_at__gte=F("started_at")),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["author", "started_at"], condition=Q(status=NoteStatus.DRAFT), name="note_unsigned"),
            models.Index(fields=["visit", "id"], condition=Q(status=NoteStatus.SIGNED), name="note_signed_of_visit"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="note_signed_is_final",
                operation=_CHANGE,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__status=NoteStatus.SIGNED.value),
                func=_SIGNED_IS_FINAL,
            ),
            pgtrigger.Trigger(
                name="note_codes_visit",
                level=pgtrigger.Statement,
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(old="old_notes", new="new_notes"),  # type: ignore[no-untyped-call]
                func=_VISITS_CODED,
            ),
        ]

    def label(self) -> str:
        return f"Note of {self.started_at:%Y-%m-%d}"

    @property
    def is_signed(self) -> bool:
        return self.status == NoteStatus.SIGNED


class NoteDiagnosis(ScopedModel):
    """An ICD-10-CM diagnosis of a note, by order of weight; `description` is as the code set said on that day."""

    SCOPING = Scoping(right=_CODES, unit="note__visit__site_id", patient="note__visit__patient_id")
    PHI = {"note": Phi.LINK, "code": Phi.CLINICAL, "description": Phi.CLINICAL}

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="diagnoses", db_index=False)
    order = models.PositiveSmallIntegerField()
    code = models.TextField()
    description = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            # Checked at commit, so that lines can be renumbered one by one.
            models.UniqueConstraint(
                fields=["note", "order"], name="note_diagnosis_order_once", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["note", "code"], name="note_diagnosis_code_once"),
            models.CheckConstraint(name="note_diagnosis_order_range", condition=Q(order__range=(1, MOST_DIAGNOSES))),
            models.CheckConstraint(
                name="note_diagnosis_code_form", condition=Q(code__regex=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")
            ),
        ]
        triggers = [_lines_are_final("note_diagnosis_is_final")]


class NoteService(ScopedModel):
    """A service done in the visit: what, how often, why (pointers to diagnoses), and who stood in which part.

    A referring person outside the group has a name and an NPI instead of a row.
    """

    SCOPING = Scoping(right=_CODES, unit="note__visit__site_id", patient="note__visit__patient_id")
    PHI = {"note": Phi.LINK, "code": Phi.CLINICAL, "name": Phi.CLINICAL, "pointers": Phi.CLINICAL} | {
        "referring_name": Phi.IDENTIFIER,
        "referring_npi": Phi.IDENTIFIER,
    }

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="services", db_index=False)
    order = models.PositiveSmallIntegerField()
    code = models.TextField()
    name = models.TextField(default="", blank=True, help_text="as the group's own list calls it")
    modifiers = ArrayField(models.TextField(), default=list, blank=True)
    units = models.PositiveSmallIntegerField(default=1)
    pointers = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    performed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    rendering = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+", db_index=False)
    supervising = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ordering = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    referring = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    referring_name = models.TextField(default="", blank=True)
    referring_npi = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "order"], name="note_service_order_once"),
            models.CheckConstraint(name="note_service_order_positive", condition=Q(order__range=(1, 50))),
            models.CheckConstraint(name="note_service_code_form", condition=Q(code__regex=r"^[A-Z0-9]{5}$")),
            models.CheckConstraint(name="note_service_units_range", condition=Q(units__range=(1, MOST_UNITS))),
            models.CheckConstraint(
                name="note_service_modifiers_form",
                condition=Q(modifiers__len__lte=MOST_MODIFIERS)
                & Q(Regex(_joined("modifiers"), Value(r"^([A-Z0-9]{2}( [A-Z0-9]{2})*)?$"))),
            ),
            models.CheckConstraint(
                name="note_service_pointers_range",
                condition=Q(pointers__len__lte=MOST_POINTERS)
                & Q(pointers__contained_by=list(range(1, MOST_DIAGNOSES + 1))),
            ),
            models.CheckConstraint(
                name="note_service_referring_one",
                condition=Q(referring__isnull=True) | Q(referring_name="", referring_npi=""),
            ),
            models.CheckConstraint(
                name="note_service_referring_whole",
                condition=Q(referring_name="", referring_npi="")
                | ~Q(referring_name="") & Q(referring_npi__regex=r"^[0-9]{10}$"),
            ),
        ]
        triggers = [_lines_are_final("note_service_is_final")]


class Addendum(ScopedModel):
    """Text added to a signed note; never changed."""

    SCOPING = Scoping(
        right="chart.read",
        unit="note__visit__site_id",
        circle="note__visit__patient__circle_id",
        patient="note__visit__patient_id",
    )
    PHI = {"note": Phi.LINK, "text": Phi.CLINICAL}

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    author = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="addendum_has_text", condition=~Q(text=""))]
        triggers = [
            pgtrigger.Trigger(
                name="addendum_after_signature",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_AFTER_SIGNATURE,
            ),
            pgtrigger.Trigger(
                name="addendum_is_final", operation=_CHANGE, when=pgtrigger.Before, func=_ADDENDUM_IS_FINAL
            ),
        ]


class CoSignature(ScopedModel):
    """A supervising clinician's word on a note that another signed; asked for by the signature, given once."""

    SCOPING = Scoping(
        right="chart.read",
        unit="note__visit__site_id",
        circle="note__visit__patient__circle_id",
        patient="note__visit__patient_id",
    )
    PHI = {"note": Phi.LINK}

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="cosignatures", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "clinician"], name="cosignature_once"),
            models.CheckConstraint(
                name="cosignature_after_request", condition=Q(given_at__isnull=True) | Q(given_at__gte=F("asked_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["clinician", "asked_at"], condition=Q(given_at__isnull=True), name="cosignature_open")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="cosignature_after_signature",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_AFTER_SIGNATURE.replace("an addendum follows", "a co-signature follows").replace(
                    "addendum_after_signature", "cosignature_after_signature"
                ),
            ),
            pgtrigger.Trigger(
                name="cosignature_is_final",
                operation=_CHANGE,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__given_at__isnull=False),
                func=_COSIGNATURE_IS_FINAL,
            ),
        ]
