"""Pages of requests for access, as both sides see them."""

import pytest
from playwright.sync_api import Page

from collective.accounts.models import User
from collective.catalog.models import Dataset
from licensing import services
from licensing.models import AccessRequest
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import UserFactory
from tests.integration.payments.market import offer, open_market

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
QUESTIONS = [
    {"kind": "text", "text": "أين تعمل، ومن سيستخدم البيانات معك؟", "required": False},
    {"kind": "choice", "text": LONG, "options": ["1 to 10 people", "more"], "required": False},
    {"kind": "yes_no", "text": "Do you publish your results?", "required": False},
    {"kind": "file", "text": "Approval of your ethics board", "required": False},
]


@pytest.fixture
def restricted() -> Dataset:
    market = open_market({"a": [3]})
    offer(market, 25_000, "EUR")
    Dataset.objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    conditions = [{"field": "licensee_kind", "any_of": ["academic"]}, {"field": "purpose", "any_of": ["research"]}]
    services.publish_questions(actor=market.steward, dataset_id=market.dataset.pk, questions=QUESTIONS)
    services.add_access_rule(
        actor=market.steward, dataset_id=market.dataset.pk, name="Universities", conditions=conditions, days=90
    )
    return Dataset.objects.select_related("organization").get(pk=market.dataset.pk)


def asked(dataset: Dataset, person: User) -> AccessRequest:
    current = dataset.access_question_sets.get()
    file = services.store_access_file(actor=person, dataset_id=dataset.pk, name=f"{LONG}.txt", content=b"a paper")
    wanted = services.Asked(
        f"{LONG}. {LONG}.",
        actions=["train", "evaluate"],
        answers={"q1": "في داكار", "q3": "yes", "q4": str(file.pk)},
        question_set=current.pk,
    )
    return services.request_access(
        actor=person, dataset_id=dataset.pk, licensee_id=person.personal_organization.pk, asked=wanted
    )


def test_pages_of_requests(themed: Page, restricted: Dataset, live_site: str) -> None:
    buyer, decider = UserFactory.create(name="أمينة"), restricted.created_by
    page, desk = f"/datasets/{restricted.repo_id}/", f"/desk/{restricted.repo_id}/access/"
    sign_in(themed, buyer, live_site)
    for address in (page, f"{page}access/", "/access-requests/"):
        check_look(themed, address)
    sign_in(themed, decider, live_site)
    check_look(themed, desk)
    request = asked(restricted, buyer)
    address = f"/access-requests/{request.pk}/"
    for each in (desk, f"{desk}questions/", f"{desk}rules/", address):
        check_look(themed, each)
    services.ask_for_information(actor=decider, request_id=request.pk, text="Which laboratory?")
    sign_in(themed, buyer, live_site)
    for each in (address, page, "/access-requests/"):
        check_look(themed, each)
