"""Patients, the counters of their record numbers, and the links between records of one person."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import SharingCircle, Unit
from medguild.patients.identity.rules.names import full_name, spoken_name
from medguild.patients.identity.rules.sex import Sex

_NAME_FIELDS = ("family_name", "given_name", "middle_name", "suffix", "preferred_name", "previous_names")
_ADDRESS_FIELDS = ("line1", "line2", "city", "state", "postal_code")
_KEY_FIELDS = ("family_key", "given_key", "phonetic_key", "previous_keys", "phone_digits", "other_phone_digits")
_CONTACT_FIELDS = ("phone", "other_phone", "email")


class Patient(ScopedModel):
    """A person as one sharing circle knows them. Lower down, `*_key` and `*_digits` are what searches compare.

    `survivor` is kept by a trigger of PatientLink: the record that stands for this one.
    """

    SCOPING = Scoping(right="patients.read", circle="circle_id", patient="pk")
    PHI = {
        **dict.fromkeys((*_NAME_FIELDS, *_ADDRESS_FIELDS, *_KEY_FIELDS, *_CONTACT_FIELDS), Phi.IDENTIFIER),
        "id": Phi.LINK,
        "mrn": Phi.IDENTIFIER,
        "birth_date": Phi.IDENTIFIER,
        "deceased_on": Phi.IDENTIFIER,
        "sex": Phi.CLINICAL,
        "gender_identity": Phi.CLINICAL,
        "language": Phi.CLINICAL,
        "interpreter_needed": Phi.CLINICAL,
        "survivor": Phi.LINK,
    }

    circle = models.ForeignKey(SharingCircle, on_delete=models.PROTECT, related_name="+", db_index=False)
    home_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    mrn = models.TextField(db_collation="C")
    family_name = models.TextField()
    given_name = models.TextField()
    middle_name = models.TextField(default="", blank=True)
    suffix = models.TextField(default="", blank=True)
    preferred_name = models.TextField(default="", blank=True)
    previous_names = ArrayField(models.TextField(), default=list, blank=True)
    birth_date = models.DateField()
    sex = models.TextField(choices=[(sex.value, sex.value) for sex in Sex], default=Sex.UNKNOWN)
    gender_identity = models.TextField(default="", blank=True)
    language = models.TextField(default="en")
    interpreter_needed = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    other_phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    line1 = models.TextField(default="", blank=True)
    line2 = models.TextField(default="", blank=True)
    city = models.TextField(default="", blank=True)
    state = models.TextField(default="", blank=True)
    postal_code = models.TextField(default="", blank=True)
    deceased_on = models.DateField(null=True, blank=True)
    survivor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()

    family_key = models.TextField(db_collation="C")
    given_key = models.TextField(db_collation="C")
    phonetic_key = models.TextField(db_collation="C")
    previous_keys = ArrayField(models.TextField(), default=list, blank=True)
    phone_digits = models.TextField(db_collation="C", default="", blank=True)
    other_phone_digits = models.TextField(db_collation="C", default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "mrn"], name="patient_mrn_once_per_circle"),
            models.CheckConstraint(name="patient_mrn_form", condition=Q(mrn__regex=r"^[A-Z0-9][A-Z0-9-]{0,19}$")),
            models.CheckConstraint(name="patient_has_family_name", condition=~Q(family_name="") & ~Q(family_key="")),
            models.CheckConstraint(name="patient_has_given_name", condition=~Q(given_name="") & ~Q(given_key="")),
            models.CheckConstraint(name="patient_birth_date_sane", condition=Q(birth_date__gte="1850-01-01")),
            one_of("sex", list(Sex), name="patient_sex_known"),
            models.CheckConstraint(
                name="patient_phone_form",
                condition=(Q(phone="") | Q(phone__regex=r"^\+[0-9]{7,15}$"))
                & (Q(other_phone="") | Q(other_phone__regex=r"^\+[0-9]{7,15}$")),
            ),
            models.CheckConstraint(name="patient_email_form", condition=Q(email="") | Q(email__contains="@")),
            models.CheckConstraint(name="patient_state_form", condition=Q(state="") | Q(state__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(
                name="patient_postal_code_form",
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}([0-9]{4})?$"),
            ),
            models.CheckConstraint(
                name="patient_dies_after_birth",
                condition=Q(deceased_on__isnull=True) | Q(deceased_on__gte=F("birth_date")),
            ),
            models.CheckConstraint(
                name="patient_survivor_is_another", condition=Q(survivor__isnull=True) | ~Q(survivor=F("id"))
            ),
        ]
        indexes = [
            models.Index(fields=["circle", "family_key", "given_key"], name="patient_by_family"),
            models.Index(fields=["circle", "given_key", "family_key"], name="patient_by_given"),
            models.Index(fields=["circle", "birth_date", "family_key"], name="patient_by_birth_date"),
            models.Index(fields=["circle", "phonetic_key"], name="patient_by_sound"),
            models.Index(fields=["circle", "phone_digits"], name="patient_by_phone", condition=~Q(phone_digits="")),
            models.Index(
                "circle",
                Func(F("phone_digits"), function="reverse"),
                name="patient_by_phone_end",
                condition=~Q(phone_digits=""),
            ),
            models.Index(
                fields=["circle", "other_phone_digits"],
                name="patient_by_other_phone",
                condition=~Q(other_phone_digits=""),
            ),
            GinIndex(fields=["previous_keys"], name="patient_by_previous_name", condition=~Q(previous_keys=[])),
            models.Index(fields=["survivor"], name="patient_by_survivor", condition=Q(survivor__isnull=False)),
        ]

    def label(self) -> str:
        return full_name(self.family_name, self.given_name, self.middle_name, self.suffix)

    def spoken(self) -> str:
        return spoken_name(self.family_name, self.given_name, self.suffix, self.preferred_name)


class MrnCounter(OpenModel):
    """The next record number of a circle. Its row lock lets one registration of a circle pass at a time."""

    OPEN_REASON = "a counter tells nothing of patients"
    PHI = NO_PHI

    circle = models.OneToOneField(SharingCircle, on_delete=models.PROTECT, related_name="+")
    upcoming = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="mrn_counter_positive", condition=Q(upcoming__gte=1))]


_SAME_CIRCLE_NO_CHAIN = """
    if (select count(distinct circle_id) from patients_patient where id in (new.duplicate_id, new.survivor_id)) > 1 then
        raise exception 'records of two sharing circles are never linked'
            using errcode = 'integrity_constraint_violation', constraint = 'patient_link_same_circle';
    end if;
    if new.unlinked_at is null and exists (
        select from patients_patientlink l where l.unlinked_at is null and l.id <> new.id
           and (l.duplicate_id = new.survivor_id or l.survivor_id = new.duplicate_id)) then
        raise exception 'a linked record is not itself a survivor'
            using errcode = 'integrity_constraint_violation', constraint = 'patient_link_no_chain';
    end if;
    return new;
"""
_KEEP_SURVIVOR = """
    update patients_patient
       set survivor_id = case when new.unlinked_at is null then new.survivor_id end
     where id = new.duplicate_id;
    return new;
"""


class PatientLink(ScopedModel):
    """Two records of one person: the duplicate stays as it is, the survivor stands for both. Undone, never removed."""

    SCOPING = Scoping(right="patients.read", circle="duplicate__circle_id", patient="duplicate_id")
    PHI = {"duplicate": Phi.LINK, "survivor": Phi.LINK, "reason": Phi.IDENTIFIER}

    duplicate = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links_as_duplicate")
    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links_as_survivor")
    reason = models.TextField()
    linked_at = models.DateTimeField()
    linked_by = models.UUIDField(null=True)
    unlinked_at = models.DateTimeField(null=True, blank=True)
    unlinked_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="patient_link_two_records", condition=~Q(duplicate=F("survivor"))),
            models.CheckConstraint(name="patient_link_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="patient_link_ends_later",
                condition=Q(unlinked_at__isnull=True) | Q(unlinked_at__gte=F("linked_at")),
            ),
            models.UniqueConstraint(
                fields=["duplicate"], name="patient_link_one_survivor", condition=Q(unlinked_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="patient_link_in_circle",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_SAME_CIRCLE_NO_CHAIN,
            ),
            pgtrigger.Trigger(
                name="patient_link_keeps_survivor",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                func=_KEEP_SURVIVOR,
            ),
        ]
