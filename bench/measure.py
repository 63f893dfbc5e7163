"""What all benchmarks share: an environment, a clock, a table and the closing line."""

import contextlib
import gc
import os
import resource
import time
from pathlib import Path


@contextlib.contextmanager
def environment():
    """Yield an environment on the database of ODOO_RC; everything is rolled back."""
    import odoo.tools.config
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"]], setup_logging=True)
    registry = Registry(odoo.tools.config["db_name"][0])
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


@contextlib.contextmanager
def bulk(env, *tables):
    """Fill tables by SQL within: indexes are built at the end, in one go each.

    Foreign keys are not looked up meanwhile. The database must be the benchmark's own.
    """
    env.flush_all()
    env.cr.execute(
        "SET LOCAL session_replication_role = replica;"
        " SET LOCAL maintenance_work_mem = '512MB'"
    )
    env.cr.execute(
        "SELECT format('DROP INDEX %%I', relname), pg_get_indexdef(indexrelid)"
        " FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique ORDER BY relname",
        [list(tables)],
    )
    indexes = env.cr.fetchall()
    for drop, _create in indexes:
        env.cr.execute(drop)
    yield
    for _drop, create in indexes:
        env.cr.execute(create)
    env.cr.execute("SET LOCAL session_replication_role = origin")
    for name in tables:
        env.cr.execute(f"ANALYZE {name}")
    env.invalidate_all()


def settle(env, *tables):
    """Commit, and clean tables up as PostgreSQL does by itself in a database at work.

    The database must be the benchmark's own.
    """
    import psycopg2

    from odoo.sql_db import connection_info_for

    env.cr.commit()
    _name, where = connection_info_for(env.cr.dbname)
    with contextlib.closing(psycopg2.connect(**where)) as connection:
        # VACUUM runs outside of a transaction.
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name in tables:
                cursor.execute(f"VACUUM ANALYZE {name}")
    env.invalidate_all()


class Stopwatch:
    """Seconds of the wall and statements sent to PostgreSQL inside a `with`."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        gc.collect()
        self.env.flush_all()
        self._queries = self.env.cr.sql_log_count
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_error):
        self.env.flush_all()
        self.seconds = time.perf_counter() - self._start
        self.queries = self.env.cr.sql_log_count - self._queries


def peak_megabytes():
    """Return the highest memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_megabytes_of_server(env):
    """Return the highest memory that PostgreSQL held for this connection, in MB.

    Shared buffers included; 0 when the server runs elsewhere.
    """
    env.cr.execute("SELECT pg_backend_pid()")
    status = Path(f"/proc/{env.cr.fetchone()[0]}/status")
    if not status.exists():
        return 0
    line = next(row for row in status.read_text().splitlines() if "VmHWM" in row)
    return int(line.split()[1]) / 1024


def written_rows(env):
    """Return the rows this transaction has inserted, updated or deleted so far."""
    env.flush_all()
    env.cr.execute(
        "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
        " FROM pg_stat_xact_user_tables WHERE relname IN ('estate_property',"
        " 'crm_lead', 'res_partner', 'estate_interaction', 'mail_activity')"
    )
    return int(env.cr.fetchone()[0])


def table(rows):
    """Print rows of texts as a table; the first row is the head."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(
                str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)
            )
        )


def result(name, ratio, **figures):
    """Print the closing line that scripts read."""
    parts = " ".join(f"{key}={value}" for key, value in figures.items())
    print(f"RESULT {name} ratio={ratio:.2f} {parts}")
