"""The page of one form: shown, refused with words at the field, or done with a toast and a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.parts import Crumb, Text
from medguild.foundation.ui.toasts import toast


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    run: Callable[..., object],
    *,
    title: Text,
    done: Text,
    back: str,
    submit: Text = "",
    intro: Text = "",
    crumbs: tuple[Crumb, ...] = (),
    cols: int = 1,
    kind: str = "primary",
) -> HttpResponse:
    """Run one service call with the cleaned data; a `Refusal` becomes an error of the form."""
    if form.is_valid():
        with refusals(form):
            run(**form.cleaned_data)
            toast(request, done)
            return redirect(back)
    context: dict[str, Any] = {
        "form": form, "title": title, "back": back, "submit": submit or _("Save"), "intro": intro, "trail": crumbs,
        "cols": cols, "kind": kind,
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=form_status(form))
