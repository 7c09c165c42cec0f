"""Words of promises and of messages that came in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.operations.promises.rules import Answered, Channel, PromiseKind

Text = str | Promise

CHANNELS: Mapping[str, Text] = {
    Channel.PORTAL.value: _("Patient portal"),
    Channel.TEXT.value: _("Text message"),
    Channel.EMAIL.value: _("E-mail"),
    Channel.FAX.value: _("Fax"),
    Channel.LETTER.value: _("Letter"),
}
ANSWERED: Mapping[str, Text] = {
    Answered.SAME_WAY.value: _("The same way"),
    Answered.PHONE.value: _("By telephone"),
    Answered.IN_PERSON.value: _("In person"),
    Answered.LETTER.value: _("By letter"),
    Answered.NOT_NEEDED.value: _("Needs no answer"),
}
KINDS: Mapping[str, Text] = {
    PromiseKind.RESULT.value: _("Tell a result"),
    PromiseKind.CALL.value: _("Call"),
    PromiseKind.REFERRAL.value: _("See to a referral"),
    PromiseKind.MESSAGE.value: _("Write"),
}
ANSWER_LABELS: Mapping[str, Text] = {
    Channel.PORTAL.value: _("Answer a portal message"),
    Channel.TEXT.value: _("Answer a text message"),
    Channel.EMAIL.value: _("Answer an e-mail"),
    Channel.FAX.value: _("Answer a fax"),
    Channel.LETTER.value: _("Answer a letter"),
}
PROMISE_LABELS: Mapping[str, Text] = {
    PromiseKind.RESULT.value: _("Promised: tell a result"),
    PromiseKind.CALL.value: _("Promised: call"),
    PromiseKind.REFERRAL.value: _("Promised: see to a referral"),
    PromiseKind.MESSAGE.value: _("Promised: write"),
}
