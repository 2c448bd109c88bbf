"""What every browser test may ask for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

THEMES = ("light", "dark")


@pytest.fixture(params=THEMES)
def themed(request: pytest.FixtureRequest, browser: Browser, live_site: str) -> Iterator[Page]:
    """A visitor whose device prefers this theme. axe writes inline styles of its own, so pages are judged before it."""
    context = browser.new_context(base_url=live_site, color_scheme=request.param)
    page = context.new_page()
    yield page
    context.close()
