"""Below which transaction the log is complete: nothing of this database can still appear behind it.

`pg_snapshot_xmin` counts the transactions of all databases of the server, so that a long one in another database would
hold ours up. Here a running transaction is passed over where it is *known* to be of another database; one of which
nothing is known holds. Why this is safe:

* The horizon is taken from one snapshot. Every transaction below it has ended, or is of another database, where it
  cannot write our log; so whatever our log holds below it is visible to every later snapshot.
* A transaction is passed over only when a backend that belongs to another database shows its number, or when it is
  prepared in another database. A backend never changes its database and a number is never given twice, so this stays
  true. The list of backends is read after the snapshot was taken (`pg_stat_clear_snapshot` drops what this transaction
  read before); a number that was running in the snapshot and is shown afterwards belongs to the backend that shows it.
* Database and number of a backend are visible to every role; where they are not known the transaction holds.
"""

from __future__ import annotations

from django.db import connection

_FORGET = "select pg_stat_clear_snapshot()"
_HORIZON = """
with moment as materialized (select pg_current_snapshot() as seen),
     elsewhere as (
       select backend_xid as xid from moment, pg_stat_get_activity(null)
        where backend_xid is not null and datid <> (select oid from pg_database where datname = current_database())
       union all
       select transaction from pg_prepared_xacts where database <> current_database())
select least(
         (select min(x) from moment, pg_snapshot_xip(moment.seen) x where x::xid not in (select xid from elsewhere)),
         (select pg_snapshot_xmax(seen) from moment),
         pg_current_xact_id_if_assigned())::text"""


def horizon() -> str:
    """The number of the oldest transaction that may still write our log, as text: all events below it stand, seen.

    Our own transaction counts as running; what it wrote itself the caller asks for besides.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        cursor.execute(_HORIZON)
        return str(cursor.fetchone()[0])
