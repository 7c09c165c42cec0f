"""The words for remote visits."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.payers.remote.rules import RemoteMode

MODES: Mapping[str, Promise | str] = {RemoteMode.VIDEO.value: _("Video"), RemoteMode.PHONE.value: _("Phone")}
PAYS: Mapping[str, Promise | str] = {"True": _("Pays"), "False": _("Does not pay")}
TONES: Mapping[str, str] = {"True": "ok", "False": "bad"}
