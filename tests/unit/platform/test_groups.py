"""Tests that share something costly go to one process, where there are several."""

import pytest


@pytest.mark.xdist_group("together")
def test_the_scheduler_sees_the_group(request: pytest.FixtureRequest) -> None:
    grouped: bool = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@together") == grouped
