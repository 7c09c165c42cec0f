"""The statements of an import. `incoming` and `finding` are temporary tables of the transaction."""

from __future__ import annotations

COLUMNS = (
    "family_name", "given_name", "middle_name", "suffix", "preferred_name", "previous_names", "birth_date", "sex",
    "gender_identity", "language", "interpreter_needed", "phone", "other_phone", "email", "line1", "line2", "city",
    "state", "postal_code", "deceased_on", "family_key", "given_key", "phonetic_key", "previous_keys", "phone_digits",
    "other_phone_digits",
)  # fmt: skip
_LIST = ", ".join(COLUMNS)

TABLES = f"""
set local work_mem = '64MB';
drop table if exists pg_temp.incoming, pg_temp.finding, pg_temp.numbered;
create temporary table incoming on commit drop as
    select 0 as line, id, mrn, {_LIST} from patients_patient with no data;
create temporary table finding (
    line integer not null, code text not null, rank integer not null, other_line integer, other_id uuid
) on commit drop
"""
COPY = f"copy incoming (line, id, mrn, {_LIST}) from stdin"
INDEX = """
create index on incoming (birth_date);
analyze incoming
"""

_IN_CIRCLE = "join patients_patient p on p.circle_id = %(circle)s"
_BEFORE = "join incoming p on p.line < i.line"
# In either order, written so that the join can hash.
_SAME_NAME = (
    "least(p.family_key, p.given_key) = least(i.family_key, i.given_key)"
    " and greatest(p.family_key, p.given_key) = greatest(i.family_key, i.given_key)"
)
_SAME_PHONE = "i.phone_digits <> '' and p.phone_digits = i.phone_digits"
_SAME_BIRTH = "p.birth_date = i.birth_date"
_SAME_INITIAL = "left(p.given_key, 1) = left(i.given_key, 1)"
_NO_OTHER_SUFFIX = "(p.suffix = '' or i.suffix = '' or lower(p.suffix) = lower(i.suffix))"

# Code, rank (lower is told first), what must hold. The codes are those of the warning at registration.
_ALIKE = (
    ("same_name_and_birth_date", 2, f"{_SAME_BIRTH} and {_SAME_NAME}"),
    ("sounds_alike_and_birth_date", 4, f"{_SAME_BIRTH} and p.phonetic_key = i.phonetic_key"),
    ("same_phone_and_birth_date", 5, f"{_SAME_BIRTH} and {_SAME_PHONE} and {_SAME_INITIAL}"),
    (
        "same_phone_and_name",
        6,
        f"{_SAME_PHONE} and p.family_key = i.family_key and p.given_key = i.given_key and {_NO_OTHER_SUFFIX}",
    ),
)


def _find(code: str, rank: int, condition: str, *, in_file: bool) -> str:
    other = "p.line, null::uuid" if in_file else "null::integer, p.id"
    return f"""
        insert into finding (line, code, rank, other_line, other_id)
        select i.line, '{code}', {rank}, {other} from incoming i {_BEFORE if in_file else _IN_CIRCLE} and {condition}
    """


FINDINGS = [
    *(_find(code, rank, condition, in_file=False) for code, rank, condition in _ALIKE),
    *(_find(code, rank, condition, in_file=True) for code, rank, condition in _ALIKE),
    # A record number that names somebody else is a mistake of the file, not a duplicate.
    f"""
        insert into finding (line, code, rank, other_id)
        select i.line, 'mrn_taken', 1, p.id from incoming i {_IN_CIRCLE} and i.mrn <> '' and p.mrn = i.mrn
           and not ({_SAME_BIRTH} and {_SAME_NAME})
    """,
    f"""
        insert into finding (line, code, rank, other_line)
        select i.line, 'mrn_twice', 1, p.line from incoming i {_BEFORE} and i.mrn <> '' and p.mrn = i.mrn
           and not ({_SAME_BIRTH} and {_SAME_NAME})
    """,
]
ERRORS = frozenset({"mrn_taken", "mrn_twice"})
SURE = "same_name_and_birth_date"

# The weightiest finding of each line, with the record number of the other.
TOLD = """
    select distinct on (f.line) f.line, f.code, f.other_line, p.mrn
      from finding f left join patients_patient p on p.id = f.other_id
     where %(similar)s or f.code in ('same_name_and_birth_date', 'mrn_taken', 'mrn_twice')
     order by f.line, f.rank, f.other_id nulls last, f.other_line
"""
LEAVE_OUT = "delete from incoming where line = any(%(lines)s)"
HIGHEST = """
    select coalesce(max(left(mrn, -1)::bigint), 0) from incoming
     where mrn ~ '^[0-9]{2,16}$' and left(mrn, -1)::bigint >= %(first)s
"""
CHUNK = """
    select line, id, mrn, family_name, given_name, middle_name, suffix from incoming
     where line > %(after)s order by line limit %(size)s
"""
NUMBERS = "create temporary table numbered (id uuid, mrn text) on commit drop"
COPY_NUMBERS = "copy numbered (id, mrn) from stdin"
INSERT = f"""
    insert into patients_patient (id, circle_id, home_unit_id, mrn, revision, registered_at, {_LIST})
    select i.id, %(circle)s, %(unit)s, coalesce(n.mrn, i.mrn), 1, %(moment)s, {", ".join(f"i.{c}" for c in COLUMNS)}
      from incoming i left join numbered n on n.id = i.id
     order by i.line
"""
