"""When a reminder is due, what a reply means, when people are left in peace."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.experience.outreach.rules import Said, Words, due_lead, read_leads, read_reply, read_score
from medguild.patients.preferences.rules import Channel, choose, is_quiet

START = dt.datetime(2026, 6, 10, 17, tzinfo=dt.UTC)
LONG_AGO = START - dt.timedelta(days=60)


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("left", "booked", "lead"),
    [
        (73, LONG_AGO, None),
        (72, LONG_AGO, 72),
        (25, LONG_AGO, 72),
        (24, LONG_AGO, 24),
        (1, LONG_AGO, 24),
        (0, LONG_AGO, None),
        (-1, LONG_AGO, None),
        (71, START - hours(71.5), None),
        (23, START - hours(30), 24),
        (23, START - hours(23.5), None),
    ],
)
def test_the_shortest_lead_that_holds_what_is_left(left: float, booked: dt.datetime, lead: int | None) -> None:
    assert due_lead([72, 24], start=START, booked_at=booked, at=START - hours(left)) == lead


def test_no_leads_no_reminders() -> None:
    assert due_lead([], start=START, booked_at=LONG_AGO, at=START - hours(5)) is None


def test_leads_are_read_as_people_write_them() -> None:
    assert read_leads("24; 72, 24") == [72, 24]
    assert read_leads("") == []
    for wrong in ("0", "400", "soon"):
        with pytest.raises(ValueError, match=r"hours|invalid"):
            read_leads(wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("YES", Said.YES),
        (" sí, gracias", Said.YES),
        ("C", Said.YES),
        ("No!", Said.NO),
        ("cancelar", Said.NO),
        ("STOP", Said.STOP),
        ("Baja", Said.STOP),
        ("What time was it?", None),
        ("👍", None),
        ("", None),
    ],
)
def test_what_a_reply_means(text: str, said: Said | None) -> None:
    assert read_reply(text) is said


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_may_run_over_midnight(minute: int, start: int, end: int) -> None:
    inside = {(start + step) % 1440 for step in range((end - start) % 1440)}
    assert is_quiet(minute, start, end) == (minute in inside)


def test_the_first_wanted_channel_with_an_address() -> None:
    both = (Channel.TEXT, Channel.EMAIL)
    assert choose(both, phone="+15035550100", email="a@example.org") == (Channel.TEXT, "+15035550100")
    assert choose(both, phone="", email="a@example.org") == (Channel.EMAIL, "a@example.org")
    assert choose((Channel.EMAIL,), phone="+15035550100", email="") is None
    assert choose((), phone="+15035550100", email="a@example.org") is None


def test_a_text_message_is_one_line_and_a_letter_greets() -> None:
    words = Words("Hello Pat,", "You have an appointment.", "https://x", "Reply STOP.")
    assert words.text() == "You have an appointment. https://x Reply STOP."
    assert words.letter() == "Hello Pat,\n\nYou have an appointment.\n\nhttps://x"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("0", 0),
        (" 10 ", 10),
        ("9/10", 9),
        ("8.", 8),
        ("11", None),
        ("-1", None),
        ("1 hour of waiting", None),
        ("", None),
    ],
)
def test_only_a_number_that_stands_alone_is_a_judgement(text: str, score: int | None) -> None:
    assert read_score(text) == score
