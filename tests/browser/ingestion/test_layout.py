"""The steward lays a dataset out with the keyboard alone, on a page that is well in both themes and widths."""

import json

import pytest
from playwright.sync_api import Page, expect

from collective.catalog.models import Dataset
from collective.catalog.web.cards import dataset_url, desk_url
from ingestion.domain.splitting import SplitRule
from ingestion.selectors import layout_of
from tests.browser.test_look import check_look, sign_in
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import accepted, steward_of, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory()
    rows = [{"text": f"صباح الخير {n}", "speaker": f"s{n % 7}"} for n in range(40)]
    accepted(made, ("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode()))
    return made


def test_the_page_and_the_desk_are_well(themed: Page, dataset: Dataset, live_site: str) -> None:
    submitted(ContributionFactory(dataset=dataset, title="Numbers"), ("b.jsonl", b'{"text": 5, "speaker": "x"}\n'))
    sign_in(themed, steward_of(dataset), live_site)
    for address in (f"{dataset_url(dataset)}layout/", desk_url(dataset)):
        check_look(themed, address)


def test_a_choice_is_made_with_the_keyboard(page: Page, dataset: Dataset, live_site: str) -> None:
    sign_in(page, steward_of(dataset), live_site)
    page.goto(f"{dataset_url(dataset)}layout/")
    page.get_by_role("radio", name="All are for training").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("speaker")
    page.get_by_role("button", name="Lay it out like this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The next version is laid out like this.")).to_be_visible()
    expect(page.get_by_text("train: 80 %")).to_be_visible()
    assert layout_of(dataset).split == SplitRule("group", "speaker", (80, 10, 10))
