"""Models of people: workforce persons, clinicians with licences and dated affiliations, billing identities."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.rules import AffiliationKind, ClinicianKind, ClinicianSex

_NPI = r"^[0-9]{10}$"


class Person(OpenModel):
    """Someone who works in the house: clinician or staff. Not a patient, not a login."""

    OPEN_REASON = "names of colleagues are known to everybody who works in the house"
    PHI = NO_PHI

    given_name = models.TextField()
    family_name = models.TextField()
    suffix = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_has_names", condition=~Q(given_name="") & ~Q(family_name="")),
            whole_period(name="person_period_whole"),
        ]

    def label(self) -> str:
        return f"{self.given_name} {self.family_name}{', ' + self.suffix if self.suffix else ''}"


class Clinician(OpenModel):
    """A licensed professional with an individual NPI; bookable through its resource."""

    OPEN_REASON = "who treats patients is public in every directory"
    PHI = NO_PHI

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="clinician")
    resource = models.OneToOneField(Resource, on_delete=models.PROTECT, related_name="clinician")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ClinicianKind])
    npi = models.CharField(max_length=10)
    specialty = models.TextField()
    taxonomy = models.CharField(max_length=10)
    sex = models.TextField(default="", db_default="", blank=True, help_text="as they wish patients to be told")

    class Meta:
        constraints = [
            one_of("kind", list(ClinicianKind), name="clinician_kind_known"),
            one_of("sex", ["", *ClinicianSex], name="clinician_sex_known"),
            models.UniqueConstraint(fields=["npi"], name="clinician_npi_once"),
            models.CheckConstraint(name="clinician_npi_ten_digits", condition=Q(npi__regex=_NPI)),
            models.CheckConstraint(name="clinician_taxonomy_form", condition=Q(taxonomy__regex=r"^[0-9A-Z]{10}$")),
        ]

    def label(self) -> str:
        return self.person.label()


class ClinicianLanguage(OpenModel):
    """A clinician sees patients in a language (BCP 47, as on patients' records), without an interpreter."""

    OPEN_REASON = "patients are told in every directory which languages a clinician speaks"
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="languages")
    language = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinician_language_form", condition=Q(language__regex=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
            ),
            no_overlap(name="clinician_language_once_at_a_time", keys=["clinician_id"], texts=["language"]),
            whole_period(name="clinician_language_period_whole"),
        ]


class Licence(OpenModel):
    """A state licence of a clinician for a period."""

    OPEN_REASON = "licences are public record"
    PHI = NO_PHI

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="licences")
    state = models.CharField(max_length=2)
    number = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="licence_state_two_letters", condition=Q(state__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(name="licence_has_number", condition=~Q(number="")),
            whole_period(name="licence_period_whole"),
        ]


class Affiliation(OpenModel):
    """A person works for a unit, in one way at a time; several entities at once are normal."""

    OPEN_REASON = "who works where is public in every directory"
    PHI = NO_PHI

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="affiliations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="affiliations")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in AffiliationKind])
    title = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(AffiliationKind), name="affiliation_kind_known"),
            no_overlap(name="affiliation_once_at_a_time", keys=["person_id", "unit_id"]),
            whole_period(name="affiliation_period_whole"),
        ]


class BillingIdentity(ScopedModel):
    """Under which numbers an entity bills, for a site, payer and specialty where these are named; the nearest wins.

    `payer_id` is the id of a payer of the payers wing, without a foreign key because that wing stands above.
    """

    SCOPING = Scoping(right="organization.billing", unit="entity_id")
    PHI = NO_PHI

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="billing_identities")
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payer_id = models.UUIDField(null=True, blank=True)
    specialty = models.TextField(default="", blank=True)
    tin = models.CharField(max_length=9)
    group_npi = models.CharField(max_length=10)
    taxonomy = models.CharField(max_length=10)
    name = models.TextField()
    line1 = models.TextField()
    city = models.TextField()
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=9)
    pay_to_line1 = models.TextField(default="", blank=True)
    pay_to_city = models.TextField(default="", blank=True)
    pay_to_state = models.TextField(default="", blank=True)
    pay_to_postal_code = models.TextField(default="", blank=True)
    submitter_id = models.TextField()
    contact_name = models.TextField()
    contact_phone = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            no_overlap(
                name="billing_identity_once_at_a_time",
                keys=["entity_id"],
                nullable=["site_id", "payer_id"],
                texts=["specialty"],
            ),
            models.CheckConstraint(name="billing_tin_nine_digits", condition=Q(tin__regex=r"^[0-9]{9}$")),
            models.CheckConstraint(name="billing_npi_ten_digits", condition=Q(group_npi__regex=_NPI)),
            models.CheckConstraint(name="billing_nine_digit_zip", condition=Q(postal_code__regex=r"^[0-9]{9}$")),
            models.CheckConstraint(name="billing_has_submitter", condition=~Q(submitter_id="")),
            whole_period(name="billing_period_whole"),
        ]
