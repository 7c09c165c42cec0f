"""Who did something, as histories name them: people by their name, the house's own jobs in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import ActorKind

# By the whole name of a job, or by the part before its dot.
JOBS: Mapping[str, Promise] = {
    "attendance": _("By itself: forecast of no-shows"),
    "attendance train": _("By itself: forecast of no-shows"),
    "bumps": _("By itself: list of visits that cannot be kept"),
    "calls": _("By itself: telephone calls"),
    "chart": _("By itself: the visit was checked out"),
    "claims export": _("By itself: export of claims"),
    "codesets_import": _("By itself: load of code sets"),
    "codesets_load": _("By itself: load of code sets"),
    "command line": _("From the command line"),
    "credentialing": _("By itself: warning of licences"),
    "demand": _("By itself: numbers of access"),
    "demo": _("Loaded with the demo"),
    "dispatcher": _("By itself: work that was handed on"),
    "document check": _("By itself: check of documents"),
    "fees import": _("By itself: load of fees"),
    "itineraries": _("By itself: day with several visits"),
    "ledger check": _("By itself: check of the ledger"),
    "nightly proof": _("By itself: proof of the log"),
    "outreach": _("By itself: messages to patients"),
    "patients import": _("By itself: load of patients"),
    "portal": _("By itself: request in the portal"),
    "recalls": _("By itself: recalls"),
    "remote_rules": _("By itself: rules for remote visits"),
    "registers": _("By itself: dates that run out"),
    "remittances import": _("By itself: load of remittances"),
    "revenue": _("By itself: charges and payments"),
    "scheduling": _("By itself: check of the schedule"),
    "standards": _("By itself: standards that ended"),
    "templates": _("By itself: change of a template"),
    "waitlist": _("By itself: offer of the waiting list"),
    "work": _("By itself: lists of work"),
}


class Acted(Protocol):
    """An event, or another row that tells who acted."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_label(self) -> str: ...


def who(acted: Acted) -> str:
    """Who it was."""
    if acted.actor_kind == ActorKind.PATIENT:
        return _named_online(acted.actor_label)
    return job_words(acted.actor_label) if acted.actor_kind == ActorKind.JOB else acted.actor_label


def _named_online(name: str) -> str:
    """People on their own record, or on one that they look after: no colleague of the same name."""
    return gettext("%(name)s, online") % {"name": name}


def named(label: str) -> str:
    """The same for a row that keeps the name alone."""
    return job_words(label) if label in JOBS or "." in label and label.split(".")[0] in JOBS else label


def job_words(name: str) -> str:
    """The words for a job; one that nobody has named acts by itself."""
    found = JOBS.get(name) or JOBS.get(name.split(".")[0])
    return str(found or _("By itself"))
