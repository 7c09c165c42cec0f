"""The step that writes the money of the past, part by part, so that a large group needs no more memory."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from medguild.demo import plan
from medguild.demo.copying import Numbers, check_now, write
from medguild.demo.flow import Seen
from medguild.demo.group import LOADER, Group
from medguild.demo.money import books as entries
from medguild.demo.money import remits
from medguild.demo.money.accounts import Account, Applied, Taken
from medguild.demo.money.books import Books
from medguild.demo.money.claims import copy_charges, copy_claims, number_claims
from medguild.demo.money.decisions import Payers
from medguild.demo.money.deposits import post_deposits
from medguild.demo.money.follow_up import Routing, copy_work
from medguild.demo.money.happenings import copy_events
from medguild.demo.money.notes import Words, copy_notes
from medguild.demo.money.receipts import Desks, Till, copy_receipts, number_receipts
from medguild.demo.money.snapshot import Snapshots
from medguild.demo.money.story import Story
from medguild.demo.money.telling import Teller
from medguild.demo.people import Invented
from medguild.foundation.ledger.bulk import post_many
from medguild.patients.coverage.models import Coverage

AT_ONCE = 10_000  # patients written at once
Part = tuple[list[Invented], Mapping[UUID, list[Seen]]]
_MEMBER = ("patient_id", "member_id", "group_number")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database was asked before the first part, so that later parts are thought up while it writes."""

    words: Words
    desks: Desks
    snapshots: Snapshots
    routing: Routing
    claims: Numbers
    receipts: Numbers


@dataclass(slots=True)
class Told:
    """What became of the visits of some patients, with the entries of their accounts; `rng` goes on from there."""

    rng: random.Random
    books: Books
    stories: list[Story] = field(default_factory=list)
    without_note: list[Seen] = field(default_factory=list)
    receipts: list[Taken] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)


def build_money(group: Group, size: plan.Size, today: dt.date) -> None:
    """Notes, charges, claims, remittances, receipts, books, work and events of all visits of the past."""
    end = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    rng = random.Random(plan.SEED + 5)
    known, payers = _known(group, end, rng), Payers(today)
    for number, (patients, visits) in enumerate(_parts(group)):
        teller = Teller(payers, end, number, random.Random(plan.SEED + 100 + number))
        _write(group, tell(patients, visits, teller, group), known, end)
    known.claims.keep()
    known.receipts.keep()
    post_deposits(end, rng)
    check_now()


def _known(group: Group, end: dt.datetime, rng: random.Random) -> _Known:
    words, desks = Words(end.date()), Desks(group, rng)
    claims, receipts = Numbers("revenue_claim_number"), Numbers("revenue_receipt_number")
    return _Known(words, desks, Snapshots(group, _members()), Routing(group, end.date()), claims, receipts)


def _parts(group: Group) -> Iterator[Part]:
    visits: dict[UUID, list[Seen]] = defaultdict(list)
    for seen in group.visits:
        visits[seen.booked.patient.id].append(seen)
    for start in range(0, len(group.patients), AT_ONCE):
        patients = group.patients[start : start + AT_ONCE]
        yield patients, visits


def tell(patients: Sequence[Invented], visits: Mapping[UUID, list[Seen]], teller: Teller, group: Group) -> Told:
    """Patient by patient, in order of time, so that deductibles and accounts run as they did."""
    told = Told(teller.rng, Books(teller.rng))
    for patient in patients:
        own: list[tuple[Story, UUID]] = []
        for seen in sorted(visits.get(patient.id, ()), key=lambda one: one.arrived_at):
            story = teller.tell(seen)
            if story is None:
                told.without_note.append(seen)
            else:
                own.append((story, group.units[seen.booked.site].pk))
        if own:
            account = Account(patient, told.books, teller.rng, teller.end)
            account.run(own)
            told.stories += [story for story, _site in own]
            told.receipts += account.receipts
            told.applied += account.applied
    return told


def _write(group: Group, told: Told, known: _Known, end: dt.datetime) -> None:
    """Every table after those that it points to."""
    stories, books, rng = told.stories, told.books, told.rng
    number_claims(stories, known.claims)
    number_receipts(told.receipts, known.receipts)
    paid = remits.gather(stories, rng)
    till = Till(told.receipts, books, known.desks, rng)
    till.post()
    _post(group, stories, paid, books)
    copy_notes(stories, known.words, rng)
    copy_charges(group, stories)
    copy_claims(group, stories, known.snapshots)
    write(partial(post_many, entries=books.entries, by=LOADER, at=end))
    check_now()
    remits.copy_remittances(group, paid, known.snapshots, rng)
    copy_receipts(till, known.desks, told.applied, rng)
    copy_work(group, known.routing, stories, told.without_note, end, rng)
    copy_events(group, stories, paid, told.receipts, rng)


def _post(group: Group, stories: Sequence[Story], paid: Sequence[remits.Paid], books: Books) -> None:
    sites = {key: group.units[key].pk for key in group.sites}
    for story in stories:
        entries.charge(books, story, sites[story.seen.booked.site])
        entries.give_up(books, story, sites[story.seen.booked.site])
    for one in paid:
        remits.post(books, one, sites)


def _members() -> dict[UUID, tuple[str, str]]:
    """Member and group numbers of the patients' coverages."""
    rows = Coverage.objects.unscoped("the demo writes what was sent")
    return {patient: (member, number) for patient, member, number in rows.values_list(*_MEMBER)}
