"""What every page has: the theme, the navigation, the last answers."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_stays(client: Client, theme: str) -> None:
    response = client.post("/theme/", {"theme": theme, "next": "/catalog/?q=x"})
    assert response["Location"] == "/catalog/?q=x"
    assert f'data-theme="{theme}"' in client.get("/catalog/").content.decode()
    client.post("/theme/", {"theme": "auto", "next": "/"})
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_theme_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_a_forged_theme_cookie_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    page = client.get("/").content.decode()
    assert "data-theme" not in page
    assert '"><script>' not in page


def test_a_wrong_address_offers_ways_out(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert 'href="/catalog/"' in response.content.decode()


def test_the_last_page_needs_no_request() -> None:
    page = render_to_string("errors/500.html", {"request_id": "abc-123"})
    assert "abc-123" in page
    assert 'id="content"' in page


def test_the_current_place_is_marked(client: Client) -> None:
    assert '<a href="/catalog/" aria-current="page">' in client.get("/catalog/").content.decode()
