"""The words of messages, in the language of the patient and on the clock of the site. Nothing about health."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from medguild.experience.outreach import links
from medguild.experience.outreach.rules import NoticeKind, Words
from medguild.foundation.ui.instants import instant_text
from medguild.operations.recalls.models import Recall
from medguild.operations.scheduling.models import Appointment
from medguild.operations.visits.models import Visit
from medguild.operations.waitlist.links import token_of as offer_token
from medguild.operations.waitlist.models import SlotOffer
from medguild.patients.identity.models import Patient


def reminder_words(visit: Appointment) -> Words:
    """For a visit with `unit__site` and `patient`."""
    with translation.override(_language(visit.patient)):
        return _of_visit(visit, _("You have an appointment on %(when)s at %(place)s."))


def moved_words(visit: Appointment) -> Words:
    """For a visit with `unit__site` and `patient` that has another time now."""
    with translation.override(_language(visit.patient)):
        return _of_visit(visit, _("Your appointment was moved. It is now on %(when)s at %(place)s."))


def _of_visit(visit: Appointment, sentence: str) -> Words:
    """In the language that is on."""
    return Words(
        greeting=_("Hello %(name)s,") % {"name": visit.patient.given_name},
        body=sentence % {"when": instant_text(visit.start, visit.unit.site.time_zone), "place": visit.unit.name},
        link=_("Please confirm or cancel: %(link)s") % {"link": _link_of(visit)},
        stop=_("Reply YES to confirm, STOP for no more messages."),
    )


def _link_of(visit: Appointment) -> str:
    return _address(reverse("outreach:visit", args=[links.token_of(visit.pk)]))


def offer_words(offer: SlotOffer) -> Words:
    """For an offer with `unit__site` and `entry__patient`."""
    patient = offer.entry.patient
    with translation.override(_language(patient)):
        zone = offer.unit.site.time_zone
        body = _("A time has come free on %(when)s at %(place)s. Answer by %(until)s; the first yes gets it.") % {
            "when": instant_text(offer.start, zone),
            "place": offer.unit.name,
            "until": instant_text(offer.expires_at, zone, "short"),
        }
        link = _address(reverse("waitlist:offer", args=[offer_token(offer.pk)]))
        return Words(greeting=_("Hello %(name)s,") % {"name": patient.given_name}, body=body, link=link)


def recall_words(recall: Recall) -> Words:
    """For a recall with `unit__site` and `patient`."""
    with translation.override(_language(recall.patient)):
        link = _address(reverse("outreach:recall", args=[links.recall_token_of(recall.pk)]))
        return Words(
            greeting=_("Hello %(name)s,") % {"name": recall.patient.given_name},
            body=_("It is time for your next visit at %(place)s.") % {"place": recall.unit.name},
            link=_("Call us for a time, or let us call you: %(link)s") % {"link": link},
            stop=_("Reply STOP for no more messages."),
        )


def called_words(visit: Visit) -> Words:
    """For a visit with `site` and `patient`."""
    with translation.override(_language(visit.patient)):
        return Words(
            greeting=_("Hello %(name)s,") % {"name": visit.patient.given_name},
            body=_("We are ready for you at %(place)s. Please come to the front desk.") % {"place": visit.site.name},
            link="",
        )


def rating_words(visit: Appointment) -> Words:
    """For a visit with `unit__site` and `patient` that took place."""
    with translation.override(_language(visit.patient)):
        when = instant_text(visit.start, visit.unit.site.time_zone, "date")
        return Words(
            greeting=_("Hello %(name)s,") % {"name": visit.patient.given_name},
            body=_("How was your visit on %(when)s at %(place)s, from 0 (worst) to 10 (best)?")
            % {"when": when, "place": visit.unit.name},
            link=_("Answer here: %(link)s") % {"link": _link_of(visit)},
            stop=_("Or reply with the number; STOP for no more messages."),
        )


def title_of(kind: NoticeKind, patient: Patient) -> str:
    with translation.override(_language(patient)):
        return {
            NoticeKind.REMINDER: _("Your appointment"),
            NoticeKind.OFFER: _("A time for you"),
            NoticeKind.RECALL: _("Your next visit"),
            NoticeKind.CALLED: _("It is your turn"),
            NoticeKind.MOVED: _("Your appointment was moved"),
            NoticeKind.RATING: _("How was your visit?"),
        }[kind]


def _language(patient: Patient) -> str:
    known = {code for code, _name in settings.LANGUAGES}
    return patient.language if patient.language in known else "en"


def _address(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"
