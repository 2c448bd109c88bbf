"""`make test-clients`: clients as people install them, against a running instance, in both ways of delivery."""

from collections.abc import Iterator

import pytest

from tests.clients.place import Place, open_place
from tests.clients.table import Table

MODES = [pytest.param(mode, marks=pytest.mark.xdist_group(mode)) for mode in ("local", "s3")]
TABLE = Table()


@pytest.fixture(scope="session", params=MODES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with open_place(request.param) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _place_in_the_table(request: pytest.FixtureRequest, record_property: object) -> None:
    """Which row and column a test is: its function, its client if it is one of several, and its mode."""
    parameters = dict(request.node.callspec.params) if hasattr(request.node, "callspec") else {}
    mode = parameters.pop("place", "")
    row = [request.node.path.stem.removeprefix("test_"), *map(str, parameters.values())]
    what = request.function.__name__.removeprefix("test_").replace("_", " ")
    request.node.user_properties.append(("cell", [" ".join(row), what, mode]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    TABLE.note(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in TABLE.lines():
        terminalreporter.write_line(line)
