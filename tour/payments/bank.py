"""The other side of Stripe: what buyers, their banks and recipients do there, at the stand-in."""

from dataclasses import dataclass
from typing import Any

import httpx

from tour.person import Person
from tour.report import expect

VERSION = "2026-10-28.endive"
KEY = "sk_test_standin"


@dataclass(frozen=True)
class Bank:
    url: str

    def press(self, person: Person, path: str, fields: dict[str, Any], *, to: str = "") -> str:
        """Send a form of ours that leads to a page of Stripe's, and press the one button there. The page's address."""
        page = person.submit(path, fields, to=to)
        address = str(page.url)
        expect(address.startswith(self.url), f"{path} leads to {address}, not to the payment service")
        pressed = httpx.post(address, follow_redirects=False, timeout=30)
        expect(pressed.status_code == 303, f"{address} answered {pressed.status_code}: {pressed.text[:300]}")
        return address

    def control(self, call: str, **arguments: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/{call}", json=arguments, timeout=60)
        expect(answer.is_success, f"{call} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json()

    def read(self, path: str, **query: Any) -> Any:
        """As the API gives it."""
        headers = {"Authorization": f"Bearer {KEY}", "Stripe-Version": VERSION}
        answer = httpx.get(f"{self.url}{path}", params=query, headers=headers, timeout=30)
        expect(answer.is_success, f"GET {path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json()

    def violations(self) -> list[str]:
        found: list[str] = httpx.get(f"{self.url}/_control/violations", timeout=30).json()
        return found
