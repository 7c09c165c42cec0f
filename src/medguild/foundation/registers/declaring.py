"""Making a register known: its work type, how work names its entries, its line in the menu."""

from __future__ import annotations

import datetime as dt

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from medguild.foundation.registers.ports import Register, registers
from medguild.foundation.registers.selectors import subject_views
from medguild.foundation.ui.ports.menu import MenuEntry
from medguild.foundation.ui.ports.menu import register as add_menu
from medguild.foundation.work.ports import declare_subject, declare_work_type


def declare_register(register: Register) -> Register:
    """Make a register known. Its room also lists `register_urls(register)` in its urls."""
    registers.register(register.key, register)
    declare_work_type(
        register.review_work_type,
        format_lazy(_("Review: {register}"), register=register.label),
        role=register.review_role,
        due=dt.timedelta(days=14),
        subject_types=(register.key,),
        categories=(("review", _("Review due")), ("deadline", _("Deadline passed"))),
        right=register.read_right,
        icon=register.icon,
    )
    declare_subject(register.key, register.one, subject_views(register))
    add_menu(
        MenuEntry(
            area=register.area,
            label=register.label,
            url_name=f"{register.key}:list",
            permission=register.read_right,
            order=register.order,
            icon=register.icon,
        )
    )
    return register
