"""The types of work that every group has from its first day, and the standards of escalation."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.permissions import AccessRight
from medguild.foundation.access.rules import Role
from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock

REFILL = declare_work_type(
    "refill.request",
    _("Refill request"),
    role=Role.NURSE,
    backup_role=Role.MEDICAL_ASSISTANT,
    due=dt.timedelta(hours=24),
    subject_types=("patient",),
    categories=(
        ("routine", _("Routine")),
        ("controlled", _("Controlled drug")),
        ("not_seen", _("Not seen within a year")),
    ),
    icon="pill",
)
REFERRAL = declare_work_type(
    "referral.follow_up",
    _("Referral follow-up"),
    role=Role.REFERRAL_COORDINATOR,
    backup_role=Role.FRONT_DESK,
    due=dt.timedelta(days=2),
    subject_types=("patient",),
    categories=(
        ("not_booked", _("Not booked")),
        ("no_report", _("No report back")),
        ("approval", _("Approval missing")),
    ),
    clock=Clock.OPEN_HOURS,
    icon="arrow-forward-up",
)
INBOX = declare_work_type(
    "inbox.escalation",
    _("Inbox escalation"),
    role=Role.NURSE,
    backup_role=Role.CLINICIAN,
    due=dt.timedelta(hours=4),
    subject_types=("patient",),
    categories=(("symptom", _("Symptom")), ("result", _("Result")), ("complaint", _("Complaint"))),
    icon="inbox",
)
PAYMENT = declare_work_type(
    "payment.question",
    _("Payment question"),
    role=Role.BILLER,
    backup_role=Role.FRONT_DESK,
    due=dt.timedelta(days=1),
    subject_types=("patient",),
    categories=(
        ("balance", _("Balance")),
        ("coverage", _("Coverage")),
        ("plan", _("Payment plan")),
        ("dispute", _("Dispute")),
    ),
    clock=Clock.OPEN_HOURS,
    icon="receipt",
)
GLASS_REVIEW = declare_work_type(
    "access.glass_review",
    _("Emergency access to review"),
    role=Role.COMPLIANCE_OFFICER,
    backup_role=Role.MEDICAL_DIRECTOR,
    due=dt.timedelta(days=3),
    subject_types=("broken_glass",),
    right=AccessRight.REVIEW,
    clock=Clock.OPEN_HOURS,
    icon="alert-triangle",
)
DEVIATION_APPROVAL = declare_work_type(
    "standards.deviation_approval",
    _("Deviation to decide"),
    role=Role.MEDICAL_DIRECTOR,
    backup_role=Role.PHYSICIAN_OWNER,
    due=dt.timedelta(days=7),
    subject_types=("deviation",),
    right=StandardRight.APPROVE,
    clock=Clock.OPEN_HOURS,
    icon="git-branch",
)
FAILED_DELIVERY = declare_work_type(
    "events.delivery_failed",
    _("Step that failed in the background"),
    role=Role.ADMINISTRATOR,
    due=dt.timedelta(hours=8),
    subject_types=("delivery",),
    right=WorkRight.MANAGE,
    icon="alert-triangle",
)

ESCALATION_STEP = declare_standard(
    Standard(
        key="work.escalation_step",
        label=_("Time between two escalations"),
        kind=Kind.DURATION,
        default=dt.timedelta(hours=4),
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE),
        bounds=Bounds(least=dt.timedelta(minutes=5), most=dt.timedelta(days=14)),
        help=_("An overdue item climbs to the backup at once, and after this time to the practice manager."),
        area=_("Work: time allowed"),
    )
)
HANDOFF_DUE = declare_standard(
    Standard(
        key="work.handoff_due",
        label=_("Time to accept a hand-off"),
        kind=Kind.DURATION,
        default=dt.timedelta(hours=2),
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE),
        bounds=Bounds(least=dt.timedelta(minutes=5), most=dt.timedelta(days=7)),
        help=_("A hand-off that is not accepted in this time climbs."),
        area=_("Work: time allowed"),
    )
)
OPENS = declare_standard(
    Standard(
        key="work.opens",
        label=_("Open from (hour)"),
        kind=Kind.INTEGER,
        default=8,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE),
        bounds=Bounds(least=0, most=23),
        help=_("In the time of the place. The clocks of work that counts in open hours begin here."),
        area=_("Work: time allowed"),
    )
)
CLOSES = declare_standard(
    Standard(
        key="work.closes",
        label=_("Open until (hour)"),
        kind=Kind.INTEGER,
        default=17,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE),
        bounds=Bounds(least=1, most=24),
        help=_("In the time of the place. The clocks of work that counts in open hours stand still from here."),
        area=_("Work: time allowed"),
    )
)
WEEKDAYS = declare_standard(
    Standard(
        key="work.weekdays",
        label=_("Working days"),
        kind=Kind.CHOICE,
        default="mon_fri",
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE),
        bounds=Bounds(choices=("mon_fri", "mon_sat", "all")),
        choice_labels=(
            ("mon_fri", _("Monday to Friday")),
            ("mon_sat", _("Monday to Saturday")),
            ("all", _("Every day")),
        ),
        help=_("Days on which the place is closed are left out."),
        area=_("Work: time allowed"),
    )
)
