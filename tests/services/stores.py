"""Which store stands beside which database, where a test is about both.

Neither decides anything in the other: rows are written before and after bytes, never with them. So such a test runs on
every store and on both databases, and not on every pair. The folder stands beside SQLite, as embedded; the S3 server
that looks at signatures beside PostgreSQL, as deployed.
"""

import pytest

LOCAL = pytest.param("local", marks=pytest.mark.sqlite)
MOTO = pytest.param("moto", marks=pytest.mark.sqlite)
RCLONE = pytest.param("rclone", marks=pytest.mark.postgresql)
