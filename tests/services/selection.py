"""Which tests belong to a run, and the rule that none is skipped unnoticed."""

import os

import pytest

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "django_user_model", "admin_user"}
# Groups that prove nothing about the database engine, so that the second run leaves them out.
ONCE = ("browser", "command", "once", "supervisor")


def touches_database(item: pytest.Item) -> bool:
    used = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(used & DATABASE_FIXTURES)


def belongs(item: pytest.Item, *, vendor: str, only_database: bool) -> bool:
    """A test marked for one engine runs on that engine; `make test` runs both, so each test runs at least once."""
    engines = {name for name in ("postgresql", "sqlite") if item.get_closest_marker(name)}
    if engines:  # it runs nowhere else, also if the database decides nothing in it
        return vendor in engines
    if not only_database:
        return True
    return touches_database(item) and not any(item.get_closest_marker(name) for name in ONCE)


def may_be_skipped(item_markers: set[str]) -> bool:
    """`ALLOW_SKIP=browser,supervisor` lets those groups be skipped; anything else that is skipped has failed."""
    return bool(item_markers & set(os.environ.get("ALLOW_SKIP", "").split(",")))
