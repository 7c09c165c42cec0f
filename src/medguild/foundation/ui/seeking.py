"""What is sought in lists of patients stays out of addresses: it may be a name, and addresses are logged and kept.

The filter form of such a list is posted; the text is kept with the session under a mark, and the address of the list
carries the mark (`?q=~k3f9x2ab`). Marks end with the session and mean nothing in another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

_KEY = "sought"
_MARK = "~"
_MOST = 30
_MARK_LENGTH = 8


def address_of(request: HttpRequest, path: str, given: QueryDict, fields: Iterable[str]) -> str:
    """The list's address for a posted filter form: empty fields left out, texts of `fields` behind marks."""
    params = QueryDict(mutable=True)
    hidden = set(fields)
    for name, values in given.lists():
        for value in (str(one).strip() for one in values):
            if value:
                params.appendlist(name, _mark(request, value) if name in hidden else value)
    return f"{path}?{params.urlencode()}" if params else path


def opened(request: HttpRequest, fields: Iterable[str]) -> QueryDict:
    """The query of a request with the texts behind its marks; a mark of another session is as if nothing was sought."""
    marked = [name for name in fields if request.GET.get(name, "").startswith(_MARK)]
    if not marked:
        return request.GET
    params, held = request.GET.copy(), request.session.get(_KEY, {})
    for name in marked:
        params[name] = held.get(params[name], "")
    return params


def _mark(request: HttpRequest, text: str) -> str:
    held: dict[str, str] = request.session.get(_KEY, {})
    known = next((mark for mark, kept in held.items() if kept == text), None)
    if known is not None:
        return known
    mark = _MARK + get_random_string(_MARK_LENGTH, "abcdefghijkmnpqrstuvwxyz23456789")
    request.session[_KEY] = dict([*held.items(), (mark, text)][-_MOST:])
    return mark
