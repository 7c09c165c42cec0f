"""Forms of the work room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import EVERY_STAFF_ROLE
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.standards.display import role_word
from medguild.foundation.ui.forms import DateField
from medguild.foundation.work.models import Duty, WorkItem
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import WorkType, work_types
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.selectors import able_users, able_users_at, held_roles
from medguild.foundation.work.words import PRIORITY_WORDS


class UserChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        user: User = obj
        return user.label()


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        unit: Unit = obj
        return unit.label()


def _role(value: str) -> Role | None:
    return Role(value) if value else None


class NewItemForm(forms.Form):
    """Work asked for by hand."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [(key, declared.label) for key, declared in work_types.items() if actor.may(declared.right)]
        self.fields["work_type"] = forms.ChoiceField(choices=types, label=_("What"))
        self.fields["unit"] = UnitChoice(units_visible(actor, WorkRight.DO), label=_("Where"))
        self.fields["summary"] = forms.CharField(
            label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("It goes to whoever answers for this work there."),
        )  # fmt: skip
        self.fields["priority"] = forms.TypedChoiceField(
            choices=[(int(key), word) for key, word in PRIORITY_WORDS.items()], coerce=_priority,
            initial=int(Priority.NORMAL), label=_("Priority"),
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"unit_id": data.pop("unit").pk}


def _priority(value: str) -> Priority:
    return Priority(int(value))


class HandOverForm(forms.Form):
    """To a person or to a role, with what the receiver needs to know."""

    def __init__(self, *args: Any, item: WorkItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = able_users(item).exclude(pk__in=[item.assignee_id] if item.assignee_id else [])
        roles = [(role, role_word(role)) for role in held_roles(item)]
        self.fields["to_user"] = UserChoice(users, label=_("To a person"), required=False)
        self.fields["to_role"] = forms.TypedChoiceField(
            choices=[("", "–"), *roles], coerce=_role, empty_value=None, label=_("or to a role"), required=False
        )
        self.fields["content"] = forms.CharField(
            label=_("What they need to know"), widget=forms.Textarea(attrs={"rows": 3})
        )


class ReassignForm(forms.Form):
    def __init__(self, *args: Any, item: WorkItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = UserChoice(able_users(item), label=_("To"))


class DutyForm(forms.Form):
    """Who answers for a type of work at a unit, and who stands in."""

    def __init__(self, *args: Any, unit: Unit, declared: WorkType, duty: Duty | None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(duty, declared)
        super().__init__(*args, **kwargs)
        users = able_users_at(unit.pk, declared)
        roles = [("", "–"), *((role.value, role_word(role)) for role in sorted(EVERY_STAFF_ROLE))]
        role: dict[str, Any] = {"choices": roles, "coerce": _role, "empty_value": None, "required": False}
        self.fields["role"] = forms.TypedChoiceField(
            label=_("Accountable role"), help_text=_("Exactly one: a role or a person."), **role
        )
        self.fields["user"] = UserChoice(users, label=_("or accountable person"), required=False)
        self.fields["backup_role"] = forms.TypedChoiceField(label=_("Backup role"), **role)
        self.fields["backup_user"] = UserChoice(users, label=_("or backup person"), required=False)
        self.fields["cover_hours"] = forms.CharField(
            label=_("Cover hours"), help_text=_("Such as Mon-Fri 8-17, else the answering service."), required=False
        )
        self.fields["specialty"] = forms.CharField(
            label=_("Only for this specialty"), help_text=_("Leave empty for every specialty."), required=False
        )
        self.fields["start"] = DateField(label=_("From"), initial=now().date)


def _initial(duty: Duty | None, declared: WorkType) -> dict[str, Any]:
    """What holds now, or what the type of work proposes."""
    if duty is None:
        return {"role": declared.role, "backup_role": declared.backup_role}
    return {
        "role": duty.role,
        "user": duty.user_id,
        "backup_role": duty.backup_role,
        "backup_user": duty.backup_user_id,
        "cover_hours": duty.cover_hours,
        "specialty": duty.specialty,
    }


class SetAsideForm(forms.Form):
    """Why a failed step will never succeed."""

    reason = forms.CharField(
        label=_("Why can it never succeed?"), max_length=300, help_text=_("Without names of patients. It is kept.")
    )
