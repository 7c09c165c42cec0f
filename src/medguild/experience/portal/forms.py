"""The form by which staff let somebody into a record."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from medguild.experience.portal.words import CHECKS, WHO
from medguild.foundation.access.rules import Role
from medguild.foundation.ui.forms import DateField


class GiveForm(forms.Form):
    role = forms.TypedChoiceField(label=_("Who is it?"), choices=list(WHO.items()), coerce=Role)
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    end = DateField(
        label=_("Until (not including)"),
        required=False,
        help_text=_("A parent's access ends when the child is of age."),
    )
    identity_checked = forms.BooleanField(label=_("I have checked who this is"), required=False)


class RenewForm(forms.Form):
    """For a lost password."""

    checked_by = forms.ChoiceField(
        label=_("How did you check who this is?"),
        choices=[("", _("Choose one")), *CHECKS.items()],
        help_text=_("It is kept with your name. Never hand out a link on a call that came in without calling back."),
    )
