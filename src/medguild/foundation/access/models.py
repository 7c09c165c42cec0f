"""Logins, dated grants, broken glass, API tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.models import OpenModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Person

_ROLES = [(role.value, role.value) for role in Role]
_RECORD_ROLES = sorted(role.value for role in RECORD_ROLES)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A login. What it may do comes from its grants alone: there is no superuser."""

    OPEN_REASON = "logins are managed by administrators; pages show them through guarded selectors only"
    PHI: ClassVar = {"email": Phi.IDENTIFIER, "display_name": Phi.IDENTIFIER}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.TextField(default="", blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user")
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def label(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        return self.label()

    def get_short_name(self) -> str:
        return self.label()


class Grant(OpenModel):
    """A role on a unit (with all below it) or on one patient record, for a period."""

    OPEN_REASON = "read only to build actors and, guarded, on the pages of administrators"
    PHI = {"patient_id": Phi.LINK}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.TextField(choices=_ROLES)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    patient_id = models.UUIDField(null=True, blank=True)
    period = DateRangeField()
    reason = models.TextField(default="", blank=True)
    granted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            one_of("role", list(Role), name="grant_role_known"),
            models.CheckConstraint(
                name="grant_on_unit_or_record",
                condition=Q(role__in=_RECORD_ROLES, unit__isnull=True, patient_id__isnull=False)
                | (~Q(role__in=_RECORD_ROLES) & Q(unit__isnull=False, patient_id__isnull=True)),
            ),
            no_overlap(
                name="grant_once_at_a_time", keys=["user_id"], nullable=["unit_id", "patient_id"], texts=["role"]
            ),
            whole_period(name="grant_period_whole"),
        ]


class BrokenGlass(OpenModel):
    """A user opened one record in an emergency, with a reason, until a time; reviewed afterwards by somebody else."""

    OPEN_REASON = "read only to build actors and, guarded, on the review page"
    PHI = {"patient_id": Phi.LINK, "reason": Phi.CLINICAL}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broken_glass", db_index=False)
    patient_id = models.UUIDField()
    reason = models.TextField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    finding = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="glass_ends_after_start", condition=Q(ends_at__gt=models.F("started_at"))),
            models.CheckConstraint(name="glass_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="glass_review_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, finding="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(finding="")),
            ),
            models.CheckConstraint(
                name="glass_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("user")),
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="glass_of_user")]


class ApiToken(OpenModel):
    """A key of a program: a role on a unit, narrowed to `scopes` (rights) where given. Only the hash is kept."""

    OPEN_REASON = "read only to build actors and, guarded, on the pages of administrators"
    PHI = NO_PHI

    name = models.TextField()
    digest = models.BinaryField(max_length=32)
    role = models.TextField(choices=_ROLES)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="api_tokens")
    scopes = ArrayField(models.TextField(), null=True, blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("role", [role for role in Role if role not in RECORD_ROLES], name="token_role_known"),
            models.UniqueConstraint(fields=["digest"], name="token_digest_once"),
            models.CheckConstraint(name="token_expires_later", condition=Q(expires_at__gt=models.F("created_at"))),
        ]


class IdempotencyKey(OpenModel):
    """The answer of a POST, kept so that a client which lost it learns the outcome instead of acting twice."""

    OPEN_REASON = "looked up by the caller's own id and key only"
    PHI = {"response": Phi.LINK}

    actor_id = models.UUIDField()
    key = models.TextField()
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="idempotency_key_once"),
            models.CheckConstraint(
                name="idempotency_answer_whole",
                condition=Q(status__isnull=True, response__isnull=True)
                | Q(status__isnull=False, response__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]
