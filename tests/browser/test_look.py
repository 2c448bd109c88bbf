"""Every page at a phone's and a desk's width, in both themes: no accessibility fault, no policy violation, no sideways
scrolling. Other apps add their pages to `PUBLIC` or to a test of their own with `check_look`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from collective.accounts.models import User
from collective.catalog.models import Dataset
from collective.catalog.services import list_dataset
from collective.catalog.web.cards import dataset_url, desk_url
from licensing import services
from licensing.selectors import grant_of_order
from tests.contract.matrix.consent import ward
from tests.contract.matrix.withdrawals import withdrawal
from tests.contract.matrix.world import World, build_world
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import accepted, published_version
from tests.services.browser import Complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (390, 1280)
Theme = Literal["dark", "light"]
THEMES: tuple[Theme, ...] = ("dark", "light")  # it ends as it began
# `preload` would fetch stylesheets again; the enhanced contrast is the 7:1 that the design asks for. It leaves to the
# usual rule what that one finds, so both are needed.
# The dark theme is the same page in other colors, so there only the rules about colors are asked again.
RUN_AXE = """async (theme) => {
    const fading = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(fading.map((each) => each.finished));
    const rules = {"color-contrast-enhanced": {enabled: true}};
    const only = theme === "dark" ? {runOnly: ["cat.color"]} : {};
    const asked = {preload: false, resultTypes: ["violations"], rules, ...only};
    return (await axe.run(document, asked)).violations;
}"""
LONG = "Street signs photographed by the people who read them every day, with transcriptions and the place of each sign"
LINES = '{"text": "ọjà àárọ̀", "words": 2}\n{"text": "صباح الخير، كيف نمت؟", "words": 4}\n'.encode()
PUBLIC = [
    "/",
    "/catalog/",
    "/catalog/?q=nothing-like-this",
    "/style/",
    "/combine/?license=CC-BY-4.0&license=ODbL-1.0&into=CC-BY-4.0",
    "/combine/?license=CC-BY-SA-4.0&question=train&release=weights",
    "/contributions/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/nowhere/",
]


def check_look(page: Page, address: str) -> None:
    """Opens `address` and looks at it."""
    page.goto(address, wait_until="load")
    check_here(page, address)


def check_here(page: Page, name: str) -> None:
    """Reports sideways scrolling at each width, and what axe finds at the last one in each theme."""
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} at {width} px scrolls sideways")
    faults += [f"{name} ({theme}): {fault}" for theme in THEMES for fault in _faults(page, theme)]
    assert faults == []


def _faults(page: Page, theme: Theme) -> list[str]:
    page.emulate_media(color_scheme=theme)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, theme)
    return [_said(each) for each in found if _counts(each)]


def _counts(violation: dict[str, Any]) -> bool:
    return violation["impact"] in {"serious", "critical"}


def _said(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:200]}"


@pytest.fixture
def steward() -> User:
    made: User = UserFactory.create(name="Ngozi Adeyẹmi")
    return made


@pytest.fixture
def datasets(steward: User) -> list[Dataset]:
    rows = [
        ("morning", "Morning market", ["yo", "am"]),
        ("souk", "أصوات السوق: جمل يومية", ["ar"]),
        ("signs", LONG, []),
    ]
    made = [
        DatasetFactory.create(steward=steward, slug=slug, title=title, languages=tags) for slug, title, tags in rows
    ]
    ContributionFactory.create(dataset=made[0], state="validated", title="और वाक्य")
    return [list_dataset(actor=steward, dataset_id=dataset.pk) for dataset in made]


@pytest.fixture
def published(datasets: list[Dataset]) -> Dataset:
    """The one with an Arabic title, with a version made by the whole pipeline."""
    accepted(datasets[1], ("lines.jsonl", LINES))
    published_version(datasets[1])
    return datasets[1]


def sign_in(page: Page, user: User, site: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def test_a_color_too_weak_in_one_theme_is_found_there(themed: Page) -> None:
    """The instrument itself."""
    themed.goto("/style/")
    assert (_faults(themed, "dark"), _faults(themed, "light")) == ([], [])
    themed.evaluate("document.querySelector('h1').style.color = 'light-dark(black, #444)'")
    (fault, *_), light = _faults(themed, "dark"), _faults(themed, "light")
    assert fault.startswith("color-contrast")
    assert light == []


@pytest.mark.usefixtures("datasets")
def test_public_pages(themed: Page) -> None:
    for address in PUBLIC:
        check_look(themed, address)


def test_a_chart_not_yet_drawn_for_this_width_pushes_nothing_sideways(themed: Page) -> None:
    themed.goto("/style/")
    expect(themed.locator(".chart canvas")).to_be_visible()
    scrolls = themed.evaluate(
        """() => {
            document.querySelector(".chart canvas").style.width = "3000px";
            return document.documentElement.scrollWidth > innerWidth;
        }"""
    )
    assert not scrolls


def test_datasets_full_empty_and_right_to_left(themed: Page, published: Dataset, datasets: list[Dataset]) -> None:
    for dataset in (published, datasets[2]):
        check_look(themed, dataset_url(dataset))


def test_the_desk(themed: Page, datasets: list[Dataset], steward: User, live_site: str) -> None:
    sign_in(themed, steward, live_site)
    edit = f"{desk_url(datasets[0])}edit/"
    for address in ["/desk/", desk_url(datasets[0]), desk_url(datasets[2]), "/desk/new/", edit, "/contributions/"]:
        check_look(themed, address)


def test_pages_of_those_who_sign_in(themed: Page, live_site: str) -> None:
    """The main job, page by page, for each who does a part of it."""
    world = build_world()
    grant = grant_of_order(world.order.pk)
    assert grant is not None
    made, desk = dataset_url(world.dataset), desk_url(world.dataset)
    draft, done = (f"/contributions/{each.pk}/" for each in (world.draft_contribution, world.contribution))
    receipt = f"/consent/receipts/{world.contribution.consent_events.get().pk}/"
    consent = ["/consent/", f"/consent/{world.contribution.pk}/", f"{done}people/", receipt]
    keys = "/account/keys/"
    text = f"/licenses/sha256/{world.offer.license_version.text_sha256}/"
    bought = [f"/checkout/{world.offer.pk}/", f"/orders/{world.order.pk}/", "/orders/", f"/licenses/{grant.pk}/", text]
    pages = {
        "contributor": [
            f"{made}contribute/",
            draft,
            f"{draft}rights/",
            done,
            f"{done}records/",
            f"{done}withdraw/",
            "/earnings/",
            *consent,
        ],
        "buyer": [*bought, "/licenses/", "/earnings/", keys, f"{keys}new/", "/account/2fa/", "/account/sessions/"],
        "steward": [
            desk,
            f"{desk}offers/new/",
            f"{desk}rights/",
            "/organizations/",
            f"/organizations/{world.organization.slug}/",
        ],
        "operator": ["/operator/", "/operator/audit/", "/operator/mail/"],
    }
    _check_all(themed, live_site, world, pages)
    gone = withdrawal(world)
    notices = "/licenses/withdrawals/"
    told = [notices, f"{notices}{gone.notices.get().pk}/", f"/licenses/{grant.pk}/"]
    _check_all(themed, live_site, world, {"contributor": [done], "buyer": told, "steward": [desk]})


def test_pages_of_guardians_proof_and_notices(themed: Page, live_site: str) -> None:
    world = build_world()
    made = ward(world)
    wording = services.Wording(text="What your voice is for.", purposes=("access", "train"))
    services.publish_dataset_notice(actor=world.people["steward"], dataset_id=world.dataset.pk, wording=wording)
    people = f"/contributions/{world.contribution.pk}/people/"
    guarded = f"/consent/wards/{made['person_id']}/{made['contribution_id']}/"
    pages = {
        "buyer": ["/consent/", guarded, f"{guarded}records/"],
        "contributor": [people, f"{people}{made['person_id']}/proof/"],
        "steward": [f"{desk_url(world.dataset)}notices/"],
    }
    _check_all(themed, live_site, world, pages)


def _check_all(page: Page, site: str, world: World, pages: Mapping[str, Sequence[str]]) -> None:
    for actor, addresses in pages.items():
        sign_in(page, world.people[actor], site)
        for address in addresses:
            check_look(page, address)


def test_nothing_breaks_the_content_policy(page: Page, published: Dataset) -> None:
    """The `page` fixture fails on every complaint; only what the address itself answers may be an error."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for address in ["/", "/catalog/", "/style/", dataset_url(published)]:
        page.goto(address, wait_until="networkidle")
    assert errors == []
    expect(page.locator(".snippet button").first).to_be_visible()


def test_results_follow_the_typing_and_the_address_can_be_shared(page: Page, datasets: list[Dataset]) -> None:
    page.goto("/catalog/")
    page.get_by_role("searchbox").press_sequentially("yoruba")
    expect(page.locator(".dataset-card")).to_have_count(1)
    expect(page.locator(".dataset-card")).to_contain_text("Morning market")
    page.wait_for_url("**/catalog/?q=yoruba*")
    page.reload()
    expect(page.locator(".dataset-card")).to_have_count(1)
    page.goto("/catalog/")
    page.get_by_label("Arabic").check()
    expect(page.locator(".dataset-card")).to_have_count(1)
    expect(page.get_by_label("Arabic")).to_be_checked()
    page.go_back()
    expect(page.locator(".dataset-card")).to_have_count(3)


def test_the_catalog_without_javascript(browser: Browser, live_site: str, datasets: list[Dataset]) -> None:
    context = browser.new_context(base_url=live_site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/catalog/")
    page.get_by_label("Arabic").check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".dataset-card")).to_have_count(1)
    assert "language=ar" in page.url
    context.close()


def test_the_chart_is_drawn_from_its_table(page: Page) -> None:
    page.goto("/style/", wait_until="networkidle")
    expect(page.locator("figure.chart canvas")).to_be_visible()
    expect(page.locator("figure.chart table")).to_be_hidden()
    page.locator("figure.chart summary").click()
    expect(page.locator("figure.chart table")).to_be_visible()


def test_a_state_explains_itself_to_the_keyboard(page: Page) -> None:
    page.goto("/style/")
    chip = page.locator(".chip").first
    expect(chip.get_by_role("tooltip")).to_be_hidden()
    chip.focus()
    expect(chip.get_by_role("tooltip")).to_be_visible()


def test_the_theme_is_chosen_in_the_footer(page: Page) -> None:
    page.goto("/catalog/")
    page.get_by_role("button", name="dark").click()
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    assert page.url.endswith("/catalog/")


def test_complaints_are_heard(browser: Browser, live_site: str) -> None:
    """The instrument itself: an inline handler must be noticed."""
    context = browser.new_context(base_url=live_site)
    other = context.new_page()
    complaints = Complaints(other)
    other.goto("/")
    other.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    other.wait_for_timeout(200)
    context.close()
    assert len(complaints.texts) == 1
