"""Forms: fields with label, help and error; summary; buttons; the whole form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.template import Context
from django.utils.safestring import SafeString

from medguild.foundation.ui.attributes import attributes
from medguild.foundation.ui.forms import MoneyInput
from medguild.foundation.ui.parts import Text
from medguild.foundation.ui.templatetags._library import register

_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, _CHOICES):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "money" if isinstance(widget, MoneyInput) else "plain"


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, (*_CHOICES, forms.CheckboxInput)):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _described_by(bound: BoundField) -> str | None:
    ids = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        ids.insert(0, f"{bound.auto_id}_error")
    return " ".join(ids) or None


def _control(bound: BoundField, extra: dict[str, Any]) -> SafeString | list[Any]:
    """The widget with our classes and ARIA; for radio buttons and check lists their single inputs."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {"class": f"{_css(widget)} {widget.attrs.get('class', '')}".strip()}
    attrs["aria-describedby"] = _described_by(bound)
    if bound.errors:
        attrs["aria-invalid"] = "true"
        if next(iter(bound.form.errors), None) == bound.name:
            attrs["autofocus"] = True
    attrs |= {name.replace("_", "-"): value for name, value in extra.items()}
    attrs = {name: value for name, value in attrs.items() if value is not None}
    if isinstance(widget, _CHOICES):
        widget.attrs |= {name: value for name, value in attrs.items() if name in ("class", "aria-describedby")}
        return list(bound.subwidgets)
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, *, label: Text = "", help: Text = "", wide: bool = False, **extra: Any) -> dict[str, Any]:  # noqa: A002
    """Label, control, help, error. Further keywords become attributes of the control (`hx_get`, `autocomplete`)."""
    if bound.is_hidden:
        return {"hidden": bound.as_hidden()}
    if help:
        bound.help_text = str(help)
    return {
        "bound": bound,
        "kind": _kind(bound.field.widget),
        "control": _control(bound, extra),
        "label": label or bound.label,
        "optional": getattr(bound.field, "says_optional", not bound.field.required),
        "wide": wide,
    }


@register.inclusion_tag("ui/_fields.html")
def fields(form: BaseForm, *names: str, cols: int = 1) -> dict[str, Any]:
    """Several fields, all visible ones when none is named, in one to three columns."""
    chosen = [form[name] for name in names] if names else list(form)
    return {"fields": chosen, "cols": cols}


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong, with links to the fields."""
    wrong = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    others = list(form.non_field_errors()) if form.errors else []
    return {"errors": wrong, "others": others, "number": len(wrong) + len(others)}


@register.inclusion_tag("ui/_form_buttons.html")
def form_buttons(submit: Text, *, cancel: str = "", kind: str = "primary", icon: str = "") -> dict[str, Any]:
    return {"submit": submit, "cancel": cancel, "kind": kind, "icon": icon}


@register.inclusion_tag("ui/_form.html", takes_context=True)
def form_page(
    context: Context,
    form: BaseForm,
    *,
    submit: Text,
    cancel: str = "",
    action: str = "",
    cols: int = 1,
    kind: str = "primary",
    icon: str = "",
    **extra: Any,
) -> dict[str, Any]:
    """A whole form: POST, token, summary, fields, buttons."""
    return {
        "form": form,
        "submit": submit,
        "cancel": cancel,
        "action": action,
        "cols": cols,
        "kind": kind,
        "icon": icon,
        "attributes": attributes(extra),
        "csrf_token": context.get("csrf_token"),
        "hidden": form.hidden_fields(),
    }
