"""Columns of the house. Each knows how it looks (`render`) and what a spreadsheet gets (`value`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django_tables2.utils import Accessor

from medguild.foundation.kernel.money import Cents, plain
from medguild.foundation.ui.attributes import attributes, icon_svg, tone_icon
from medguild.foundation.ui.instants import DASH, day_text, instant_text, local, period_text
from medguild.foundation.ui.rules import initials
from medguild.foundation.ui.templatetags.values import money_text


class Column(django_tables2.Column):  # type: ignore[misc]
    """Text. Keywords as in django-tables2, and `in_csv=False` to leave it out of files, `css` for its cells,
    `total=True` for a sum of all filtered rows in the foot."""

    css = ""

    def __init__(self, *args: Any, in_csv: bool = True, css: str = "", total: bool = False, **kwargs: Any) -> None:
        self.in_csv = in_csv
        self.css = css or self.css
        self.total = total
        super().__init__(*args, **kwargs)

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"]


class NumberColumn(Column):
    """A number at the right edge, with `places` decimals and a `suffix`."""

    css = "num"

    def __init__(self, *args: Any, places: int | None = None, suffix: str = "", **kwargs: Any) -> None:
        self.places = places
        self.suffix = suffix
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        text = f"{value:,}" if self.places is None else f"{value:,.{self.places}f}"
        return f"{text}{self.suffix}"


class MoneyColumn(Column):
    """Cents, shown as dollars; files get `1234.50`."""

    css = "num"

    def render(self, value: Cents) -> str:
        return money_text(value)

    def value(self, **kwargs: Any) -> Any:
        return plain(kwargs["value"])


class DateColumn(Column):
    css = "nowrap"

    def render(self, value: dt.date) -> str:
        return day_text(value)

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"].isoformat()


class DateTimeColumn(Column):
    """An instant. `zone` is the name of a time zone or the path from the row to one (`site.time_zone`).

    A row without a zone (a search at any site) is told in the current one.
    """

    css = "nowrap"

    def __init__(self, *args: Any, zone: str = "", style: str = "datetime", **kwargs: Any) -> None:
        self.zone = zone
        self.style = style
        super().__init__(*args, **kwargs)

    def _zone_of(self, record: Any) -> str:
        fixed = not self.zone or "/" in self.zone or self.zone == "UTC"
        return self.zone if fixed else str(Accessor(self.zone.replace(".", "__")).resolve(record) or "")

    def render(self, value: dt.datetime, record: Any) -> str:
        return instant_text(value, self._zone_of(record), self.style)

    def value(self, **kwargs: Any) -> Any:
        return local(kwargs["value"], self._zone_of(kwargs["record"])).isoformat(sep=" ", timespec="minutes")


class PeriodColumn(Column):
    """A half-open period of days."""

    css = "nowrap"

    def render(self, value: Any) -> str:
        return period_text(value)

    def value(self, **kwargs: Any) -> Any:
        return period_text(kwargs["value"])


class StatusColumn(Column):
    """A status. `tones` gives the tone of each value (a mapping or a function of the row), `labels` its word.

    Without `labels` the word is that of the field's choices, else the value itself.
    """

    css = "nowrap"

    def __init__(
        self,
        *args: Any,
        tones: Mapping[str, str] | Callable[[Any], str] | None = None,
        labels: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.tones = tones or {}
        self.labels = labels or {}
        super().__init__(*args, **kwargs)

    def _raw(self, record: Any, bound_column: Any) -> str:
        return str(Accessor(bound_column.accessor).resolve(record))

    def _tone(self, record: Any, bound_column: Any) -> str:
        if callable(self.tones):
            return self.tones(record)
        return self.tones.get(self._raw(record, bound_column), "neutral")

    def _word(self, value: Any, record: Any, bound_column: Any) -> str:
        raw = self._raw(record, bound_column)
        if raw in self.labels:
            return str(self.labels[raw])
        return str(capfirst(str(value).replace("_", " "))) if str(value) == raw else str(value)

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        tone = self._tone(record, bound_column)
        return format_html(
            '<span class="status-badge tone-{}">{}{}</span>',
            tone,
            icon_svg(tone_icon(tone)),
            self._word(value, record, bound_column),
        )

    def value(self, **kwargs: Any) -> Any:
        return self._word(kwargs["value"], kwargs["record"], kwargs["bound_column"])


class PersonColumn(Column):
    """A name with its initials before it. `detail` is the path to a second line."""

    def __init__(self, *args: Any, detail: str = "", **kwargs: Any) -> None:
        self.detail = detail
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        line = Accessor(self.detail).resolve(record, quiet=True) if self.detail else ""
        return format_html(
            '<span class="person"><span class="avatar-initials" aria-hidden="true">{}</span>'
            '<span class="person-text"><span>{}</span>{}</span></span>',
            initials(str(value)),
            value or DASH,
            format_html('<span class="person-detail"{}>{}</span>', attributes({}), line) if line else "",
        )
