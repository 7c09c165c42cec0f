"""Standards of kinds of visits: may a visit be shorter than the group's minimum, and is it kept to its patients?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_AREA = _("Booking")
WARN, REFUSE = "warn", "refuse"

VISIT_SHORTENING = declare_number(
    "scheduling.visit_shortening", _("How much shorter a visit may be than the set minimum"), 0, least=0, most=0,
    unit=_("percent"), area=_AREA,
    levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.CLINICIAN),
    help=_("Each kind of visit has its minimum. To go below it, a specialty, site or clinician needs an approved"
               " deviation with a reason and an end."),
)  # fmt: skip
PATIENT_KIND_RULE = declare_standard(
    Standard(
        key="scheduling.patient_kind", label=_("A visit for new patients is asked for by an established one"),
        kind=Kind.CHOICE, default=WARN, mode=Mode.BOUNDED, bounds=Bounds(choices=(WARN, REFUSE)), area=_AREA,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE),
        choice_labels=((WARN, _("Warn")), (REFUSE, _("Refuse"))),
        help=_("Or the other way round. Established: seen by the same entity and specialty within three years."),
    )
)  # fmt: skip
