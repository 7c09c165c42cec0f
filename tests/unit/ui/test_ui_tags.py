"""Components as markup: words beside icons, safe values, no inline script or style."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template import TemplateSyntaxError
from django.utils import translation

from medguild.foundation.kernel.periods import Period
from medguild.foundation.ui.instants import near
from medguild.foundation.ui.parts import Board, BoardCard, BoardColumn, Chart, Moment, Series, Step, Tab

Draw = Callable[..., str]
NOON = dt.datetime(2026, 11, 1, 17, 30, tzinfo=dt.UTC)


def test_icon_is_hidden_unless_it_has_words(draw: Draw) -> None:
    assert 'aria-hidden="true"' in draw('{% icon "calendar" %}')
    assert 'role="img" aria-label="Close"' in draw('{% icon "x" "Close" %}')


def test_button_escapes_and_passes_attributes(draw: Draw) -> None:
    made = draw('{% button label hx_post="/x/" data_y=y disabled=True title=None %}', label="<b>", y='"q"')
    assert "&lt;b&gt;" in made
    assert 'hx-post="/x/"' in made
    assert 'data-y="&quot;q&quot;"' in made
    assert " disabled" in made
    assert "title" not in made


def test_button_with_href_is_a_link_and_confirm_is_data(draw: Draw) -> None:
    made = draw(
        '{% button "Go" href=url kind="primary" confirm="Sure?" confirm_detail="It goes." %}', url="/a/?b=1&c=2"
    )
    assert made.startswith('<a class="btn btn-primary" href="/a/?b=1&amp;c=2"')
    assert 'data-confirm="Sure?"' in made
    assert 'data-confirm-detail="It goes."' in made


def test_button_opens_a_dialog_without_script_too(draw: Draw) -> None:
    made = draw('{% button "Open" opens="reason" %}{% dialog "reason" title="Why" %}x{% enddialog %}')
    assert 'type="button"' in made
    assert 'commandfor="reason"' in made
    assert '<dialog id="reason" aria-labelledby="reason-title">' in made


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "info", "busy", "neutral"])
def test_status_has_word_and_icon(draw: Draw, tone: str) -> None:
    made = draw('{% status tone "Denied" %}', tone=tone)
    assert f"tone-{tone}" in made
    assert "<svg" in made
    assert "Denied" in made


@pytest.mark.parametrize(("cents", "expected"), [(123450, "$1,234.50"), (0, "$0.00"), (-5, "−$0.05"), (None, "–")])
def test_money(draw: Draw, cents: int | None, expected: str) -> None:
    assert draw("{{ cents|money }}", cents=cents) == expected
    assert draw("{% money cents %}", cents=cents) == f'<span class="money">{expected}</span>'


def _midnight(day: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period(dt.date(2026, 11, 1), dt.date(2026, 12, 1)), "Nov 1, 2026 – Nov 30, 2026"),
        (Period(dt.date(2026, 11, 1), dt.date(2026, 11, 2)), "Nov 1, 2026"),
        (Period(dt.date(2026, 7, 1)), "since Jul 1, 2026"),
        (Period(None, dt.date(2026, 7, 1)), "until Jun 30, 2026"),
        (Period(None), "always"),
        (Period(_midnight(1), _midnight(3)), "Nov 1, 2026 – Nov 2, 2026"),
        (Period(_midnight(1), _midnight(1) + dt.timedelta(hours=9)), "Nov 1, 2026, 12:00 AM – 9:00 AM"),
        (None, "–"),
    ],
)
def test_half_open_periods_name_their_last_day(draw: Draw, period: Any, expected: str) -> None:
    assert f">{expected}<" in draw("{% period p zone='UTC' %}", p=period)


def test_instant_in_its_zone(draw: Draw) -> None:
    made = draw('{% when at zone="America/Chicago" %}', at=NOON)
    assert "Nov 1, 2026, 11:30 AM</time>" in made
    assert "CST" in made
    assert 'datetime="2026-11-01T17:30:00+00:00"' in made
    assert "9:30 AM" in draw('{% when at zone="America/Los_Angeles" style="time" %}', at=NOON)
    assert draw("{% when at %}", at=None) == "–"


@pytest.mark.parametrize(
    ("there", "style"),
    [("2026-11-22", "time"), ("2026-11-21", "short"), ("2026-01-01", "short"), ("2025-11-22", "date")],
)
def test_a_near_instant_says_no_more_than_needed(there: str, style: str) -> None:
    assert near(dt.datetime.fromisoformat(there), dt.datetime(2026, 11, 22, 9, 30)) == style


def test_days_in_spanish(draw: Draw) -> None:
    with translation.override("es"):
        assert "1 nov 2026" in draw("{% day d %}", d=dt.date(2026, 11, 1)).lower()


def test_a_time_on_the_wall_as_instants_are_written(draw: Draw) -> None:
    assert draw("{{ t|clock }}", t=dt.time(8)) == "8:00 AM"
    assert draw("{{ t|clock }}", t=None) == "–"
    with translation.override("es"):
        assert draw("{{ t|clock }}", t=dt.time(13, 5)) == "13:05"


def test_the_heading_of_a_cell_is_found_by_its_place(draw: Draw) -> None:
    assert draw("{{ names|nth:1 }}, {{ names|nth:2 }}.", names=["Visits", "Missed"]) == "Missed, ."


def test_stat_opens_to_its_rows(draw: Draw) -> None:
    made = draw('{% stat "Days" "34.2" href="/rows/" delta="-1.4" delta_tone="ok" values=v %}', v=[1, 2, 3])
    assert 'href="/rows/"' in made
    assert "trending-down" in made
    assert "<polyline" in made


def test_card_hides_nothing_it_was_given(draw: Draw) -> None:
    made = draw('{% card title=t count=0 href="/x/" id="c" %}<p>in</p>{% endcard %}', t="<Cover>")
    assert "&lt;Cover&gt;" in made
    assert '<span class="card-count">0</span>' in made
    assert "<p>in</p>" in made
    assert 'id="c"' in made


def test_key_values_show_a_dash_for_nothing(draw: Draw) -> None:
    made = draw('{% kv %}{% row "Phone" "" %}{% row "Zero" 0 %}{% endkv %}')
    assert "<dd>–</dd>" in made
    assert "<dd>0</dd>" in made


def test_timeline_links_and_tells_who(draw: Draw) -> None:
    items = [Moment("Booked", NOON, "P. Shah", "calendar-plus", "ok", "/v/", "For <knee>")]
    made = draw("{% timeline items %}", items=items)
    assert '<a href="/v/">Booked</a>' in made
    assert "P. Shah" in made
    assert "For &lt;knee&gt;" in made
    assert "Nothing has happened yet." in draw("{% timeline items %}", items=[])


def test_steps_say_their_state_in_words(draw: Draw) -> None:
    made = draw(
        "{% steps items %}", items=[Step("Identity", "done"), Step("Consent", "blocked", href="/c/", action="Sign")]
    )
    assert "Done" in made
    assert "Sign</a>" in made


def test_tabs_mark_the_current_one(draw: Draw) -> None:
    made = draw("{% tabs items %}", items=[Tab("A", "/a/", True, 0), Tab("B", "/b/")])
    assert made.count('aria-current="page"') == 1
    assert '<span class="tab-count">0</span>' in made


def test_board_says_when_a_column_is_empty(draw: Draw) -> None:
    board = Board(
        "flow",
        "Flow",
        [BoardColumn("a", "Arrived", cards=[BoardCard("1", "Ana", badge="Waits")]), BoardColumn("b", "Left")],
    )
    made = draw("{% board board %}", board=board)
    assert 'id="board-flow-1"' in made
    assert "Nobody here" in made
    assert "hx-get" not in made


def test_chart_brings_its_table_and_its_data(draw: Draw) -> None:
    chart = Chart("ar", "Days", "line", ["May", "</script>"], [Series("Group", [1.5, None])], hrefs=["/m/"])
    made = draw("{% chart chart %}", chart=chart)
    assert '<script id="chart-ar-data" type="application/json">' in made
    assert made.count("</script>") == 1
    assert '<a href="/m/">May</a>' in made
    assert '<td class="num">–</td>' in made


def test_chart_refuses_series_of_another_length() -> None:
    with pytest.raises(ValueError, match="one value for each category"):
        Chart("x", "X", "bar", ["a", "b"], [Series("s", [1])])


def test_hints_have_ids_of_their_own(draw: Draw) -> None:
    made = draw('{% hint "one" %}{% hint "one" %}')
    assert len(set(re.findall(r'id="(hint-\d+)"', made))) == 2


def test_remember_wants_a_name(draw: Draw) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw("{% remember %}x{% endremember %}")
    assert draw('{% remember "a" quiet %}x{% endremember %}[{{ a }}]') == "[x]"
