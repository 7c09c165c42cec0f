"""Where messages leave the house: by apprise to the services that the office has named, else into a file.

`MEDGUILD_SEND_TEXT` and `MEDGUILD_SEND_EMAIL` hold an apprise address in which `{to}` stands for the receiver, such as
`twilio://SID:TOKEN@15550001111/{to}` or `mailto://user:password@mail.example.org?to={to}`. Without them nothing leaves
the house: a demo and a new office find their messages in the folder `outbox` of the state.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.later import later
from medguild.patients.preferences.rules import Channel

Sink = Callable[[str, str, str], None]
_VARIABLES = {Channel.TEXT: "MEDGUILD_SEND_TEXT", Channel.EMAIL: "MEDGUILD_SEND_EMAIL"}


class NotSent(Exception):
    """The service refused the message or could not be reached; it is tried again."""


def sink_for(channel: Channel) -> Sink:
    """A function of receiver, title and words. Raises NotSent when it is called and the message does not leave."""
    address = os.environ.get(_VARIABLES[channel], "")
    if address:
        return lambda to, title, words: _by_apprise(address, to, title, words)
    return lambda to, title, words: _into_file(channel, to, title, words)


def _by_apprise(address: str, to: str, title: str, words: str) -> None:
    service = later("apprise").Apprise()
    if not service.add(address.replace("{to}", quote(to, safe=""))):
        raise NotSent("the address of the service is not understood")
    if not service.notify(title=title, body=words):
        raise NotSent("the service refused the message")


def _into_file(channel: Channel, to: str, title: str, words: str) -> None:
    line: dict[str, Any] = {"at": now().isoformat(), "channel": channel, "to": to, "title": title, "words": words}
    path = outbox()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise NotSent("the outbox cannot be written") from error


def outbox() -> Path:
    folder: Path = settings.OUTBOX
    return folder / "messages.jsonl"
