"""Mass data by COPY, with all constraints on.

Inside `writing_behind()` the database takes rows in while the next ones are thought up: what is written waits in one
line, in its order, and whoever asks the database anything waits until that line is empty.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from queue import Queue
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

_AT_ONCE = 10_000  # rows of one COPY
_WAITING = 60  # writes in the line: bounds the memory of a large group

Write = Callable[[], object]


def id_at(rng: random.Random, moment: dt.datetime) -> UUID:
    """A version-7 id of a moment whose random bits come from the generator: the same seed gives the same ids."""
    # As `kernel.ids.first_id_at` has it; made in one go, because a large group asks for millions.
    first = int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    return UUID(int=first | rng.getrandbits(12) << 64 | rng.getrandbits(62))


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into the model's table, and have them checked; `columns` are database columns."""
    copy_into(model._meta.db_table, columns, rows)
    check_now()


def check_now() -> None:
    """Ask the deferred constraints about all rows so far, so that what is wrong is told where it was written.

    Left until commit, the waiting checks slow each trigger that follows: PostgreSQL walks their list at the end of
    every subtransaction, and triggers begin one per row.
    """
    run("set constraints all immediate; set constraints all deferred")


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows without having them checked yet."""
    command = f"copy {table} ({', '.join(columns)}) from stdin"
    source = iter(rows)
    while some := list(islice(source, _AT_ONCE)):
        write(partial(_copy, command, some))


def run(sql: str, params: Sequence[Any] | None = None) -> None:
    """A statement in its turn, whose answer nobody waits for."""
    write(partial(_execute, sql, params))


def write(act: Write) -> None:
    """Do it now, or in its turn inside `writing_behind()`."""
    if _writer is None:
        act()
    else:
        _writer.add(act)


def _execute(sql: str, params: Sequence[Any] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _copy(command: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


class Numbers:
    """Numbers of a sequence of the house, counted here: asking for each part would make its writing wait.

    The sequence goes on after them from `keep` on. For those who have the sequence to themselves.
    """

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence
        with connection.cursor() as cursor:
            cursor.execute("select nextval(%s)", [sequence])
            (first,) = cursor.fetchone()
        self._next: int = first

    def following(self) -> int:
        self._next += 1
        return self._next - 1

    def keep(self) -> None:
        run("select setval(%s, %s, false)", [self._sequence, self._next])


@contextmanager
def writing_behind() -> Iterator[None]:
    """Write in a thread of its own, on this thread's connection and in its transaction.

    Leaves when all is written. What goes wrong there is raised here, at the next write or question.
    """
    global _writer
    with _Writer() as _writer, connection.execute_wrapper(_writer.before_asking):
        try:
            yield
            _writer.settle()
        finally:
            _writer = None


class _Writer:
    """The line of writes, and the thread that works it off."""

    def __init__(self) -> None:
        self._line: Queue[Write | None] = Queue(_WAITING)
        self._wrong: BaseException | None = None
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._thread = threading.Thread(target=self._work, name="demo-writer", daemon=True)

    def __enter__(self) -> _Writer:
        self._connection.inc_thread_sharing()
        self._thread.start()
        return self

    def __exit__(self, _kind: object, wrong: BaseException | None, _trace: object) -> None:
        self._wrong = self._wrong or wrong  # nothing more is written
        self._line.put(None)
        self._thread.join()
        self._connection.dec_thread_sharing()

    def add(self, act: Write) -> None:
        self._complain()
        self._line.put(act)

    def settle(self) -> None:
        """Wait until everything is written."""
        self._line.join()
        self._complain()

    def before_asking(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if threading.current_thread() is not self._thread:
            self.settle()
        return execute(sql, params, many, context)

    def _complain(self) -> None:
        if self._wrong is not None:
            raise self._wrong

    def _work(self) -> None:
        connections[DEFAULT_DB_ALIAS] = self._connection
        while (act := self._line.get()) is not None:
            try:
                if self._wrong is None:
                    act()
            except BaseException as wrong:  # noqa: BLE001 - raised by whoever writes next
                self._wrong = wrong
            finally:
                self._line.task_done()
        # The connection goes on in its own thread: it must not be closed with this one.
        del connections[DEFAULT_DB_ALIAS]


_writer: _Writer | None = None
