"""Fixtures for everybody: the real parts of `tests/services`, and the rules of the run."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from _pytest.nodeid import coerce_node_id
from django.core.cache import cache
from django.db import connection
from django.test.utils import teardown_databases
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from tests.services import flush, jobs
from tests.services.browser import Complaints, running_chromium
from tests.services.clamd import STREAM_BYTES, running_clamd
from tests.services.instance import empty_folder
from tests.services.migrated import kept_file, set_up_database
from tests.services.redis import running_redis
from tests.services.s3 import S3Server, running_moto, running_rclone
from tests.services.selection import belongs, may_be_skipped, touches_database
from tests.standin.fixtures import _no_violations, standin, stripe  # noqa: F401 -- fixtures for everybody

flush.install()
# How long an example takes is no test: machines are busy at times.
hypothesis_settings.register_profile("untimed", parent=hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="Only the tests whose outcome the database decides.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Other people's clients have a command of their own, `make test-clients`, which makes their environments."""
    own = collection_path == Path(__file__).parent / "clients"
    return True if own and not any("tests/clients" in each for each in config.args) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    only = config.getoption("--only-database")
    left_out = {item for item in items if not belongs(item, vendor=connection.vendor, only_database=only)}
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """pytest-xdist 3.8 writes a test's group where pytest since 9.2 does not look for it any more.

    What was imported and collected stays to the end; the garbage collector need not look at it again and again.
    """
    for item in session.items:
        if named := getattr(item, "_nodeid", None):
            item._id = coerce_node_id(named)
    gc.collect()
    gc.freeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skipped test has failed, unless its group was named in ALLOW_SKIP."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail") and not may_be_skipped({m.name for m in item.iter_markers()}):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {report.longrepr[2]}. Name its group in ALLOW_SKIP to allow it."


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped as a whole."


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same one in each process of a run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    shared_folder: Path,
) -> Iterator[None]:
    """Instead of pytest-django's: migrated once per run; and then a look at what migrations wrote."""
    with django_db_blocker.unblock():
        made = set_up_database(shared_folder)
        flush.remember_migrated_rows()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def migrated_folder(django_db_setup: None, shared_folder: Path) -> Iterator[Path]:
    """A data folder for an instance whose first start is not what the test is about."""
    with empty_folder() as folder:
        folder.mkdir()
        if connection.vendor == "sqlite":
            shutil.copy(kept_file(shared_folder), folder / "db.sqlite3")
        yield folder


@pytest.fixture(scope="session", autouse=True)
def redis_url() -> Iterator[str]:
    """The broker and cache of this process, where the settings expect it."""
    from django.conf import settings

    with running_redis(settings.DATA_DIR / "redis.sock", embedded=connection.vendor == "sqlite") as url:
        yield url


@pytest.fixture(autouse=True)
def _fresh_parts(request: pytest.FixtureRequest) -> None:
    """Throttles and cached answers of one test are not seen by the next."""
    if touches_database(request.node):
        cache.clear()


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    """The folder that this process may fill; never the developer's."""
    folder: Path = settings.DATA_DIR
    return folder


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_rclone(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def moto_server() -> Iterator[S3Server]:
    with running_moto() as server:
        yield server


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """A malware scanner; its address."""
    with running_clamd() as address:
        yield address


@pytest.fixture
def scanner(clamd: str, settings: Settings) -> str:
    """The site has a malware scanner; its address."""
    settings.SCANNER, settings.SCANNER_STREAM_BYTES = clamd, STREAM_BYTES
    return clamd


@pytest.fixture
def live_site(live_server: LiveServer, settings: Settings) -> str:
    """The site over real HTTP; its address without a slash at the end. Every link it makes points to itself."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.ALLOWED_HOSTS = [urlsplit(live_server.url).hostname, "localhost", "127.0.0.1"]
    return str(live_server.url)


@pytest.fixture
def run_all_jobs() -> Callable[[], list[str]]:
    return jobs.run_all_jobs


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, live_site: str) -> Iterator[Page]:
    """A page of a new visitor. The test fails if a script threw or the content security policy refused something."""
    context = browser.new_context(base_url=live_site, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    complaints = Complaints(opened)
    yield opened
    context.close()
    assert complaints.texts == []
