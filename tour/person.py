"""A user of the marketplace with a browser's session: signs up, confirms, signs in, sends forms and API calls."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Self

import httpx

from tour.report import expect

PASSWORD = "a long walk to the market"  # noqa: S105 - of accounts that exist only in this run


class Person:
    """Talks to one instance over HTTP only. `name` and `email` are this run's own."""

    def __init__(self, site: str, name: str, email: str) -> None:
        self.site, self.name, self.email = site, name, email
        self.http = httpx.Client(base_url=site, timeout=60, follow_redirects=True)
        self.key, self.password = "", PASSWORD

    def sign_up(self, operator: "Person") -> Self:
        """Through the forms; the confirmation link comes from the operator's mail page, as on a first run."""
        form = {"email": self.email, "name": self.name, "password1": PASSWORD}
        self.submit("/account/signup/", form)
        page = self.submit(operator.confirmation_link(self.email), {})  # which also signs in
        expect("sessionid" in self.http.cookies, f"{self.email} is not signed in: {visible_error(page.text)}")
        return self

    def sign_in(self, password: str) -> Self:
        self.password = password
        page = self.submit("/account/login/", {"login": self.email, "password": password})
        expect("sessionid" in self.http.cookies, f"{self.email} could not sign in: {visible_error(page.text)}")
        return self

    def confirmation_link(self, email: str) -> str:
        """The newest confirmation link sent to an address."""
        for mail in self.letters():
            link = re.search(r"https?://[^\s\"<]+/(account/confirm-email/[^\s\"<]+)", mail)
            if email in mail and link:
                return "/" + link.group(1)
        raise LookupError(f"no confirmation mail for {email}")

    def letters(self) -> Iterator[str]:
        """The mail of an embedded instance, page by page, the newest first. For operators."""
        for path in re.findall(r'href="(/operator/mail/[^"/]+/)"', self.get("/operator/mail/").text):
            yield unescape(self.get(path).text)

    def get(self, path: str) -> httpx.Response:
        answer = self.http.get(path)
        expect(answer.status_code == 200, f"GET {path}: {answer.status_code} {visible_error(answer.text)}")
        return answer

    def submit(self, path: str, fields: dict[str, Any], *, to: str = "") -> httpx.Response:
        """Open the form, then send it with its token, to another address where the page says so."""
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        expect(token is not None, f"{path} has no form")
        sent = {"csrfmiddlewaretoken": token.group(1), **fields} if token else fields
        answer = self.http.post(to or str(page.url), data=sent, headers={"Referer": str(page.url)})
        expect(answer.status_code == 200, f"POST {to or path}: {answer.status_code} {visible_error(answer.text)}")
        return answer

    def api(self, method: str, path: str, body: Any = None, *, status: tuple[int, ...] = (200, 201, 202, 204)) -> Any:
        """An API call with this person's session. Returns the JSON of an answer whose status was expected."""
        answer = self.ask(method, path, body)
        expect(answer.status_code in status, f"{method} {path}: {answer.status_code} {answer.text[:600]}")
        return answer.json() if answer.content else None

    @property
    def proof(self) -> dict[str, str]:
        """That a request with this session was meant, as a form's token is."""
        return {"X-CSRFToken": self.http.cookies.get("csrftoken") or "", "Referer": self.site}

    def ask(self, method: str, path: str, body: Any = None, **sent: Any) -> httpx.Response:
        """An API call, whatever comes back. `sent` goes to httpx, as `files` does."""
        return self.http.request(method, f"/api/v1{path}", json=body, headers=self.proof, **sent)

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Every item of a paginated list."""
        items: list[dict[str, Any]] = []
        while path:
            page = self.api("GET", path)
            items += page["results"]
            path = page["next"].split("/api/v1", 1)[1] if page["next"] else ""
        return items

    def make_key(self, *scopes: str) -> str:
        """An API key, made on the web page that shows it once."""
        self.submit("/account/reauthenticate/", {"password": self.password})
        page = self.submit("/account/keys/new/", {"name": "tour", "scopes": list(scopes), "expires_in_days": "90"}).text
        shown = re.search(r"dck_live_[A-Za-z0-9_-]{53,}", page)
        expect(shown is not None, f"the key page showed no key: {visible_error(page)}")
        self.key = shown.group(0) if shown else ""
        return self.key


def visible_error(page: str) -> str:
    """The text of a page's error notices, or its beginning."""
    notices = re.findall(r'class="[^"]*(?:errorlist|notice|error)[^"]*"[^>]*>(.*?)</', page, re.DOTALL)
    text = " · ".join(notices) or page[:300]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()[:400]
