"""What a plan of bookings costs in waiting, idle time and overtime, exactly; and whether one more visit pays. Pure.

One clinician serves in the order of booking; patients are punctual or do not come at all. Three measures, named because
the literature has several of each:

- waiting: time from a patient's booked start to the beginning of the service, of those who come;
- idle: expected end of the last booked patient less the expected work (idle time up to the last departure);
- overtime: expected work that is left at the end of the session.

Exponential service follows the number present (Kaandorp and Koole 2007), fixed lengths follow the work at hand on a
lattice of minutes. Both are recursions over probability distributions, not simulations.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

_TINY = 1e-15


class Outcome(NamedTuple):
    """Expected values in the units of the session: all waiting together, idle, overtime; work and people to come."""

    waiting: float
    idle: float
    overtime: float
    work: float
    shows: float

    @property
    def waiting_each(self) -> float:
        """Waiting of one who comes."""
        return self.waiting / self.shows if self.shows else 0.0


def exponential_outcome(plan: Sequence[int], *, slot: float, mean: float, no_show: float = 0.0) -> Outcome:
    """`plan` has the patients booked at the start of each slot of length `slot`; services last `mean` on average."""
    present = [1.0]
    waiting = end = 0.0
    booked, last = sum(plan), max((place for place, count in enumerate(plan) if count), default=0)
    for place, count in enumerate(plan):
        for _ in range(count):
            waiting += (1 - no_show) * mean * _mean_of(present)
            present = _convolved(present, no_show)
        if place == last:
            end = place * slot + mean * _mean_of(present)
        present = _served(present, slot / mean)
    work = booked * (1 - no_show) * mean
    return Outcome(waiting, end - work, mean * _mean_of(present), work, booked * (1 - no_show))


def _mean_of(present: Sequence[float]) -> float:
    return math.fsum(number * chance for number, chance in enumerate(present))


def _convolved(present: Sequence[float], no_show: float) -> list[float]:
    """One more patient comes with probability 1 - no_show."""
    grown = [0.0] * (len(present) + 1)
    for number, chance in enumerate(present):
        grown[number] += chance * no_show
        grown[number + 1] += chance * (1 - no_show)
    return grown


def _served(present: Sequence[float], services: float) -> list[float]:
    """A slot passes in which up to a Poisson number of services end."""
    chances = [math.exp(-services)]
    for number in range(1, len(present)):
        chances.append(chances[-1] * services / number)
    left = [0.0] * len(present)
    for number, chance in enumerate(present):
        for gone in range(number):
            left[number - gone] += chance * chances[gone]
        left[0] += chance * (1 - math.fsum(chances[:number]))
    return left


class Booking(NamedTuple):
    """A visit of a session: start and length in steps of the lattice after the session's start, and the probability
    that the patient comes."""

    start: int
    length: int
    shows: float


def lattice_outcome(bookings: Iterable[Booking], *, end: int) -> Outcome:
    """The same for services of fixed lengths, each with a show probability of its own; all in steps of the lattice."""
    at_hand, moment = [1.0], 0  # distribution of the work at hand
    waiting = work = shows = 0.0
    last_end = 0.0
    overtime: float | None = None
    for booking in sorted(bookings):
        if overtime is None and booking.start >= end:
            overtime = _mean_of(_passed(at_hand, end - moment))
        at_hand, moment = _passed(at_hand, booking.start - moment), booking.start
        waiting += booking.shows * _mean_of(at_hand)
        at_hand = _joined(at_hand, booking)
        work += booking.shows * booking.length
        shows += booking.shows
        last_end = moment + _mean_of(at_hand)
    if overtime is None:
        overtime = _mean_of(_passed(at_hand, end - moment))
    return Outcome(waiting, last_end - work, overtime, work, shows)


def _passed(at_hand: Sequence[float], steps: int) -> list[float]:
    if steps <= 0:
        return list(at_hand)
    return [math.fsum(at_hand[: steps + 1]), *at_hand[steps + 1 :]]


def _joined(at_hand: Sequence[float], booking: Booking) -> list[float]:
    grown = [chance * (1 - booking.shows) for chance in at_hand] + [0.0] * booking.length
    for steps, chance in enumerate(at_hand):
        grown[steps + booking.length] += chance * booking.shows
    while len(grown) > 1 and grown[-1] < _TINY:
        grown.pop()
    return grown


def session_idle(outcome: Outcome, length: float) -> float:
    """Idle time inside the session: its length and overtime less the expected work (the third definition)."""
    return length + outcome.overtime - outcome.work


def plan_bookings(plan: Sequence[int], *, no_show: float) -> list[Booking]:
    """Visits of one slot each, `plan` at the start of each slot."""
    return [Booking(place, 1, 1 - no_show) for place, count in enumerate(plan) for _ in range(count)]


def more_than(probabilities: Iterable[float], capacity: int) -> float:
    """The chance that more than `capacity` come (Poisson-binomial, exact)."""
    come = [1.0]
    for shows in probabilities:
        come = _convolved(come, 1 - shows)
    return math.fsum(come[capacity + 1 :])


def over_full(bookings: Iterable[Booking], steps: int) -> float:
    """The chance that those who come need more than so many steps of the lattice together (exact)."""
    needed = [1.0]
    for booking in bookings:
        needed = _joined(needed, booking)
    return math.fsum(needed[steps + 1 :])


def best_plan(
    cost: Callable[[Sequence[int]], float], start: Sequence[int], *, may_grow: bool = False
) -> tuple[list[int], float]:
    """The plan of least cost reached by moving patients one slot earlier or later, several at once (the moves under
    which the cost is multimodular: a local optimum is the best of all), and with `may_grow` by one patient more."""
    plan, least = list(start), cost(start)
    while True:
        better = min(
            ((cost(other), other) for other in _neighbours(plan, may_grow)),
            default=(least, plan),
            key=lambda one: one[0],
        )
        if better[0] >= least - 1e-12:
            return plan, least
        least, plan = better[0], better[1]


def _neighbours(plan: Sequence[int], may_grow: bool) -> Iterable[list[int]]:
    """Sums of the vectors e(t-1) - e(t), taken round the circle of slots; all true subsets of them."""
    slots = len(plan)
    for size in range(1, slots):
        for chosen in combinations(range(slots), size):
            moved = list(plan)
            for place in chosen:
                moved[place] -= 1
                moved[place - 1] += 1
            if min(moved) >= 0:
                yield moved
    if may_grow:
        for place in range(slots):
            yield [count + (place == other) for other, count in enumerate(plan)]


class Worth(enum.StrEnum):
    """Whether one visit more in a session is advised."""

    NONE = "none"
    SMALL = "small"
    PAYS = "pays"


@dataclass(frozen=True, slots=True)
class Prices:
    """What weighs against a visit that is seen (1): waiting and overtime of a usual visit's length, and the least gain
    (as a share of the expected visits) that is called worth it."""

    waiting: float
    overtime: float
    least_gain: float


@dataclass(frozen=True, slots=True)
class Extra:
    """One visit more: where it costs least, its gain in visits seen net of all costs, and what it adds. The visit's
    place is a step of the lattice; waiting is of all patients of the session together, in steps as overtime."""

    start: int
    gain: float
    share: float
    worth: Worth
    shows: float
    waiting: float
    overtime: float
    before: Outcome
    after: Outcome


def best_extra(
    bookings: Sequence[Booking], *, end: int, starts: Sequence[int], length: int, shows: float, prices: Prices
) -> Extra | None:
    """One more visit of `length` by somebody of average attendance (`shows`), at the best of the starts given.

    It is the session that is judged, never the person who might be booked. None without bookings or starts.
    """
    if not bookings or not starts:
        return None
    before = lattice_outcome(bookings, end=end)
    found = [_extra(bookings, before, Booking(start, length, shows), end, prices) for start in starts]
    return max(found, key=lambda one: (round(one.gain, 12), -one.start))


def _extra(bookings: Sequence[Booking], before: Outcome, more: Booking, end: int, prices: Prices) -> Extra:
    after = lattice_outcome([*bookings, more], end=end)
    waiting, overtime = after.waiting - before.waiting, after.overtime - before.overtime
    gain = more.shows - (prices.waiting * waiting + prices.overtime * overtime) / more.length
    share = gain / before.shows if before.shows else 0.0
    worth = Worth.NONE
    if gain > 1e-9:
        worth = Worth.PAYS if share >= prices.least_gain else Worth.SMALL
    return Extra(more.start, gain, share, worth, more.shows, waiting, overtime, before, after)
