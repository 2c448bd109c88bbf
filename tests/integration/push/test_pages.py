"""What people see of a push."""

import pytest
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution
from tests.integration.push.pusher import Pusher, lfs_file, regular_file

pytestmark = pytest.mark.once  # what a page shows

CONTENT = b'{"text": "a"}\n'
CARD = b"# <script>alert(1)</script>\n"


def test_the_card_is_a_note_on_the_contribution_s_page(contributor: User, steward: User, pusher: Pusher) -> None:
    pusher.send(CONTENT)
    pusher.commit(lfs_file("a.jsonl", CONTENT), regular_file("README.md", CARD))
    address = f"/contributions/{Contribution.objects.get().pk}/"
    browser = Client()
    browser.force_login(contributor)
    page = browser.get(address).content.decode()
    assert "# &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a.jsonl" in page
    browser.force_login(steward)
    assert browser.get(address).status_code == 404  # not handed in
    assert "script&gt;" not in browser.get("/datasets/acme/open/").content.decode()


def test_the_address_of_a_pushed_file_leads_to_its_draft_or_to_the_dataset(contributor: User, pusher: Pusher) -> None:
    """0.34 makes these addresses up itself."""
    pusher.push(a_DOT_jsonl=CONTENT)
    browser = Client()
    assert browser.get("/datasets/acme/open/blob/main/a.jsonl")["Location"] == "/datasets/acme/open/"
    browser.force_login(contributor)
    draft = Contribution.objects.get()
    for address in ("blob/main/a.jsonl", "tree/main/folder", "tree/main/"):
        assert browser.get(f"/datasets/acme/open/{address}")["Location"] == f"/contributions/{draft.pk}/"
    assert browser.get(f"/datasets/acme/open/commit/{'0' * 40}")["Location"] == "/datasets/acme/open/"
