"""DuckDB reads the lines of `json` as a table."""

import duckdb

# The types that DuckDB must find by itself in the lines.
TYPES = {"time": "TIMESTAMP WITH TIME ZONE", "status": "BIGINT", "body_bytes": "BIGINT", "response_time": "DOUBLE"}


def read(log):
    """The number of rows with a status and a response time, and the columns of another type than they should have; no
    rows for a log that DuckDB rejects."""
    rows = f"read_json('{log}', format = 'newline_delimited', sample_size = -1)"
    try:
        count = duckdb.sql(f"SELECT count(*) FILTER (status IS NOT NULL AND response_time IS NOT NULL) FROM {rows}")
        table = duckdb.sql(f"SELECT * FROM {rows}")
        types = dict(zip(table.columns, map(str, table.types)))
        return count.fetchall()[0][0], [f"{name}: {types.get(name)}" for name in TYPES if types.get(name) != TYPES[name]]
    except duckdb.Error:
        return 0, []
