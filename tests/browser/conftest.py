"""What every browser test may ask for."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def themed(browser: Browser, live_site: str) -> Iterator[Page]:
    """A visitor whose device prefers light pages, until `check_look` changes that. Nobody listens for complaints here,
    because axe writes inline styles of its own."""
    # Without motion nobody waits for colors that fade from one theme into the other.
    context = browser.new_context(base_url=live_site, color_scheme="light", reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page = context.new_page()
    yield page
    context.close()
