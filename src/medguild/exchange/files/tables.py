"""The list of files in quarantine."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.exchange.files.models import QuarantinedFile
from medguild.exchange.files.rules import FileState
from medguild.foundation.ui import tables

STATES = {
    FileState.WAITING.value: _("Cannot be taken in"),
    FileState.SOUND.value: _("Reads well now"),
    FileState.IMPORTED.value: _("Taken in"),
    FileState.DISCARDED.value: _("Discarded"),
}
TONES = {
    FileState.WAITING.value: "bad",
    FileState.SOUND.value: "info",
    FileState.IMPORTED.value: "ok",
    FileState.DISCARDED.value: "neutral",
}


def _page(record: QuarantinedFile) -> str:
    return reverse("edi:file", args=[record.pk])


class FileFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["filename__icontains", "received_label__icontains"], label=_("File or person"))
    status = tables.ChoiceFilter(choices=list(STATES.items()), label=_("State"))


class FileTable(tables.Table):
    filename = tables.Column(_("File"), linkify=_page)
    status = tables.StatusColumn(_("State"), tones=TONES, labels=STATES)
    reason = tables.Column(_("Why it is here"))
    received_label = tables.Column(_("Brought by"))
    unit = tables.Column(_("Received by"), accessor="unit__name")
    received_at = tables.DateTimeColumn(_("When"))

    class Meta:
        order_by = ("-received_at",)

    key = "files"
    caption = _("Files in quarantine")
    filters = FileFilters
    empty = tables.Empty(
        _("No bad files"), _("A file that cannot be read or trusted would be kept here with the reason."),
        href_name="edi:inspect", action=_("Read an X12 file"),
    )  # fmt: skip
