"""Logins: invited by an administrator, with a link to choose a password, and closed at once when somebody leaves."""

from __future__ import annotations

import datetime as dt

from allauth.account import app_settings as account_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actors_changed
from medguild.foundation.access.services import grant_role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Person

INVITED = declare_event("access.invited", gettext_lazy("Login made"), icon="user-plus")
CLOSED = declare_event("access.closed", gettext_lazy("Login closed"), icon="user-off")
REOPENED = declare_event("access.reopened", gettext_lazy("Login opened again"), icon="user-check")
LINK_MADE = declare_event("access.password_link_made", gettext_lazy("Password link made"), icon="key")
LINKED = declare_event("access.person_linked", gettext_lazy("Login linked to a person"), icon="link")


# How long a link lasts that is handed over to somebody who lost the password.
RENEWAL_LASTS = dt.timedelta(hours=1)


def _subject(user: User) -> SubjectRef:
    return SubjectRef("user", user.pk, user.label())


@transaction.atomic
def invite(
    *,
    email: str,
    display_name: str,
    role: Role,
    unit: Unit,
    by: Actor,
    person: Person | None = None,
    language: str = "en",
) -> User:
    """Make a login without a password and give it a first role. A used or wrong address is refused."""
    address = _address(email)
    if User.objects.filter(email__iexact=address).exists():
        raise Refusal(_("Somebody has a login with this address already."), code="email_taken", field="email")
    _refuse_taken_person(person)
    user = User.objects.create_user(
        address, display_name=display_name.strip() or address, person=person, language=_known_language(language)
    )
    record(INVITED, subject=_subject(user), by=by, unit_id=unit.pk, data={"role": role})
    grant_role(user=user, role=role, unit=unit, by=by)
    return user


@transaction.atomic
def login_for(*, email: str, display_name: str, by: Actor, language: str = "en") -> tuple[User, str | None]:
    """The login of an address, made where there is none; the caller gives it access to a record.

    With a new login comes the path where its owner chooses a password; an existing one keeps its own, so that nobody
    takes over a login by naming its address.
    """
    address = _address(email)
    known = User.objects.filter(email__iexact=address).first()
    if known is not None:
        return known, None
    language = _known_language(language)
    user = User.objects.create_user(address, display_name=display_name.strip() or address, language=language)
    record(INVITED, subject=_subject(user), by=by)
    return user, _link_of(user)


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(_("Write an e-mail address like name@example.org."), field="email") from None
    return address


@transaction.atomic
def password_link(*, user: User, by: Actor) -> str:
    """The path of a page where this user chooses a password: works once, for three days. Shown to the administrator."""
    refuse_foreign(user, by)
    if not user.is_active:
        raise Refusal(_("This login is closed: open it again first."), code="closed")
    record(LINK_MADE, subject=_subject(user), by=by)
    return _link_of(user)


@transaction.atomic
def renew_password(*, user: User, by: Actor) -> str:
    """For a lost password: the path of a page to choose a new one, for an hour, once.

    The old password, links handed out before, and every session end now. The caller has checked who asks, and that the
    login may be renewed by this actor. Raises Refusal for a closed login.
    """
    if not user.is_active:
        raise Refusal(_("This login is closed: open it again first."), code="closed")
    user.set_unusable_password()  # a new random mark: whatever was signed with the old one is void
    user.save(update_fields=["password"])
    record(LINK_MADE, subject=_subject(user), by=by, data={"renewed": True})
    return _link_of(user, lasts=RENEWAL_LASTS)


def _link_of(user: User, lasts: dt.timedelta | None = None) -> str:
    """A link that lasts as long as the setting says, or for a shorter time: then it is dated back."""
    generator = account_settings.PASSWORD_RESET_TOKEN_GENERATOR()
    if lasts is not None:
        dated = generator._num_seconds(generator._now()) - settings.PASSWORD_RESET_TIMEOUT + int(lasts.total_seconds())
        key = generator._make_token_with_timestamp(user, dated, generator.secret)
    else:
        key = generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


@transaction.atomic
def close_login(*, user: User, by: Actor) -> None:
    """Close a login: its sessions end with their next request. The grants stay on record."""
    refuse_foreign(user, by)
    if user.pk == by.id:
        raise Refusal(_("You cannot close your own login."), code="own_login")
    _set_active(user, False)
    record(CLOSED, subject=_subject(user), by=by)


@transaction.atomic
def reopen_login(*, user: User, by: Actor) -> None:
    """Let a closed login in again."""
    refuse_foreign(user, by)
    _set_active(user, True)
    record(REOPENED, subject=_subject(user), by=by)


@transaction.atomic
def link_person(*, user: User, person: Person | None, by: Actor) -> None:
    """Say which person of the workforce a login belongs to."""
    refuse_foreign(user, by)
    if person is not None and person.pk != user.person_id:
        _refuse_taken_person(person)
    user.person = person
    user.save(update_fields=["person"])
    record(LINKED, subject=_subject(user), by=by, data={"person_id": person.pk if person else None})


@transaction.atomic
def speak(*, user: User, language: str) -> None:
    """The language in which the house speaks to this user."""
    user.language = _known_language(language)
    user.save(update_fields=["language"])


def refuse_foreign(user: User, by: Actor) -> None:
    """A login is managed by whoever administers every unit where it holds a role today or later."""
    scope = by.scope(AccessRight.MANAGE_USERS)
    if scope.everything:
        return
    units = set(user.grants.filter(unit__isnull=False).values_list("unit_id", flat=True))
    if not units or not units <= scope.units:
        raise NotAllowed(_("This login also works at units that you do not administer."))


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    actors_changed()


def _refuse_taken_person(person: Person | None) -> None:
    if person is not None and User.objects.filter(person=person).exists():
        raise Refusal(_("This person has a login already."), code="person_taken", field="person")


def _known_language(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Refusal(_("Choose one of the languages."), field="language")
    return language
