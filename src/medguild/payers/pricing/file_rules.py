"""Reading prices from a CSV that somebody keeps in a spreadsheet. Pure; cents, and basis points."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from medguild.foundation.kernel.money import parse_dollars
from medguild.payers.pricing.rules import normal_code, normal_modifier

MOST_ROWS = 200_000
MOST_PERCENT = 100_000
Key = tuple[str, str]
_T = TypeVar("_T")
# Header cells as people write them -> what they mean.
_COLUMNS = {
    "code": "code", "cpt": "code", "hcpcs": "code", "procedure": "code", "procedure code": "code",
    "modifier": "modifier", "mod": "modifier",
    "amount": "amount", "fee": "amount", "charge": "amount", "price": "amount",
    "allowed": "allowed", "rate": "allowed", "percent": "percent", "percent of charge": "percent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one line of a file (1 is the header): a stable code, and the cell as it was written."""

    line: int
    code: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A price of a code: cents."""

    code: str
    modifier: str
    amount: int

    @property
    def key(self) -> Key:
        return self.code, self.modifier

    @property
    def value(self) -> tuple[int | None, int | None]:
        return self.amount, None


@dataclass(frozen=True, slots=True)
class RateRow:
    """What a contract allows: cents, or basis points of the charge. The empty code stands for all others."""

    code: str
    modifier: str
    allowed: int | None
    percent: int | None

    @property
    def key(self) -> Key:
        return self.code, self.modifier

    @property
    def value(self) -> tuple[int | None, int | None]:
        return self.allowed, self.percent


@dataclass(frozen=True, slots=True)
class Read(Generic[_T]):
    """The good rows and the errors of a file; a file with any error is not loaded."""

    rows: tuple[_T, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What rows change against those held: counts. `same` rows are left alone."""

    added: int
    changed: int
    same: int

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed)


class _Wrong(ValueError):
    def __init__(self, code: str, cell: str = "") -> None:
        super().__init__(code)
        self.code, self.cell = code, cell


def read_fees(content: bytes) -> Read[FeeRow]:
    """Columns `code`, `amount` (dollars) and, where wanted, `modifier`; further ones are passed over."""
    return _read(content, ("code", "amount"), _fee)


def read_rates(content: bytes) -> Read[RateRow]:
    """Columns `code` (empty or `*` for all other codes), `modifier`, and `allowed` (dollars) or `percent` of the charge
    (`62.5`)."""
    return _read(content, ("code", ("allowed", "percent")), _rate)


def _read(
    content: bytes, needed: tuple[str | tuple[str, ...], ...], make: Callable[[Mapping[str, str]], _T]
) -> Read[_T]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Read((), (RowError(1, "not_utf8"),))
    rows: list[_T] = []
    errors: list[RowError] = []
    seen: dict[Key, int] = {}
    try:
        for line, cells in _lines(text, needed):
            try:
                row = make(cells)
                _refuse_twice(row, line, seen)
            except _Wrong as wrong:
                errors.append(RowError(line, wrong.code, wrong.cell))
                continue
            rows.append(row)
    except _Wrong as wrong:
        return Read((), (RowError(1, wrong.code, wrong.cell),))
    except csv.Error:
        return Read((), (RowError(1, "not_csv"),))
    if not rows and not errors:
        errors.append(RowError(1, "no_rows"))
    return Read(tuple(rows), tuple(errors))


def _lines(text: str, needed: tuple[str | tuple[str, ...], ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in next(reader, [])]
    for name in needed:
        names = (name,) if isinstance(name, str) else name
        if not set(names) & set(header):
            raise _Wrong("column_missing", names[0])
    named = [name for name in header if name]
    if len(named) != len(set(named)):
        raise _Wrong("column_twice", next(name for name in named if named.count(name) > 1))
    for count, cells in enumerate(reader, start=1):
        if count > MOST_ROWS:
            raise _Wrong("too_many_rows", str(MOST_ROWS))
        if any(cell.strip() for cell in cells):
            yield reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}


def _separator(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _refuse_twice(row: object, line: int, seen: dict[Key, int]) -> None:
    key: Key = row.key  # type: ignore[attr-defined]
    if key in seen:
        raise _Wrong("twice", str(seen[key]))
    seen[key] = line


def _fee(cells: Mapping[str, str]) -> FeeRow:
    return FeeRow(_code(cells.get("code", "")), _modifier(cells), _cents(cells.get("amount", ""), "amount"))


def _rate(cells: Mapping[str, str]) -> RateRow:
    code = cells.get("code", "")
    allowed, percent = cells.get("allowed", ""), cells.get("percent", "")
    if bool(allowed) == bool(percent):
        raise _Wrong("one_of_both")
    return RateRow(
        "" if code in ("", "*") else _code(code),
        _modifier(cells),
        _cents(allowed, "amount") if allowed else None,
        _basis_points(percent) if percent else None,
    )


def _code(text: str) -> str:
    try:
        return normal_code(text)
    except ValueError:
        raise _Wrong("code", text) from None


def _modifier(cells: Mapping[str, str]) -> str:
    try:
        return normal_modifier(cells.get("modifier", ""))
    except ValueError:
        raise _Wrong("modifier", cells.get("modifier", "")) from None


def _cents(text: str, code: str) -> int:
    try:
        cents = parse_dollars(text)
    except ValueError:
        raise _Wrong(code, text) from None
    if cents < 0:
        raise _Wrong("negative", text)
    return cents


def _basis_points(text: str) -> int:
    try:
        points = Decimal(text.rstrip("% ")) * 100
    except InvalidOperation:
        raise _Wrong("percent", text) from None
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points <= MOST_PERCENT:
        raise _Wrong("percent", text)
    return int(points)


def change(held: Mapping[Key, tuple[int | None, int | None]], rows: tuple[FeeRow, ...] | tuple[RateRow, ...]) -> Change:
    """Compare the rows of a file with what is held."""
    added = sum(1 for row in rows if row.key not in held)
    same = sum(1 for row in rows if held.get(row.key) == row.value)
    return Change(added, len(rows) - added - same, same)
