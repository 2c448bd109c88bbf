"""What a person sees who tries the rail in a browser, and what a program can do from outside."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from stripe import StripeClient

from tests.contract.standin.asking import available, paid_charge, recipient, session_for
from tests.contract.standin.receiver import SECRET, receiving
from tests.contract.standin.test_invoices import owed
from tests.services.ports import stop
from tests.standin.settings import PIN
from tests.standin.standin import Standin


def test_a_buyer_pays_on_the_page_and_comes_back(stripe: StripeClient, standin: Standin) -> None:
    back = "https://site.example/paid?session={CHECKOUT_SESSION_ID}"
    session = session_for(stripe, success_url=back, cancel_url="https://site.example/<no>")
    assert session.url is not None
    page = httpx.get(session.url).text
    assert "To be paid: 10000 USD" in page
    assert "https://site.example/&lt;no&gt;" in page
    assert "No money moves" in page

    paid = httpx.post(session.url, data={"how": "pay"})

    assert (paid.status_code, paid.headers["location"]) == (303, f"https://site.example/paid?session={session.id}")
    assert available(stripe) == {"usd": 9680}
    assert "This session is complete" in httpx.get(session.url).text
    assert httpx.post(session.url).status_code == 400
    assert available(stripe) == {"usd": 9680}


def test_a_declined_card_and_a_slow_bank_on_the_page(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    assert session.url is not None
    declined = httpx.post(session.url, data={"how": "fail"})
    assert declined.headers["location"] == f"/pay/c/{session.id}"
    httpx.post(session.url, data={"how": "pay_late"})
    assert "The money arrives" in httpx.get(session.url).text
    httpx.post(session.url, data={"how": "pay"})
    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_an_invoice_is_paid_on_its_page(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    url = stripe.v1.invoices.finalize_invoice(invoice).hosted_invoice_url
    assert url is not None
    assert "To be paid: 100000 USD" in httpx.get(url).text
    httpx.post(url)
    assert "This invoice is paid" in httpx.get(url).text
    assert stripe.v1.invoices.retrieve(invoice).status == "paid"


def test_a_recipient_completes_on_the_page_and_comes_back(stripe: StripeClient, standin: Standin) -> None:
    account = recipient(stripe)
    link = stripe.v2.core.account_links.create(
        {
            "account": account,
            "use_case": {
                "type": "account_onboarding",
                "account_onboarding": {
                    "refresh_url": "https://site.example/again",
                    "return_url": "https://site.example/back",
                },
            },
        }
    )
    assert account in httpx.get(link.url).text
    assert httpx.get(link.url).headers["location"] == "https://site.example/again"
    assert httpx.post(link.url).headers["location"] == "https://site.example/back"
    paid_charge(stripe, standin)
    assert stripe.v1.transfers.create({"amount": 1, "currency": "usd", "destination": account}).amount == 1


@pytest.mark.parametrize("path", ["/pay/c/cs_none", "/pay/x/1", "/connect/none", "/pay/"])
def test_pages_that_are_not_there(standin: Standin, path: str) -> None:
    assert httpx.get(f"{standin.url}{path}").status_code == 404


def test_control_calls_over_http(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    paid = httpx.post(f"{standin.url}/_control/pay", json={"session": session.id}).json()
    assert paid["payment_status"] == "paid"
    again = httpx.post(f"{standin.url}/_control/pay", json={"session": session.id})
    assert (again.status_code, again.json()["error"]["message"]) == (400, "The session is complete.")
    assert httpx.post(f"{standin.url}/_control/pay", json={"nonsense": 1}).status_code == 400
    assert httpx.post(f"{standin.url}/_control/endpoint", json={}).status_code == 404
    assert httpx.get(f"{standin.url}/_control/violations").json() == []


@contextmanager
def program(*arguments: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    command = [sys.executable, "-m", "tests.standin", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip(), process
    finally:
        stop(process)


def test_the_program_tells_its_address_delivers_and_ends_when_told() -> None:
    secrets = ("--snapshot-secret", SECRET, "--thin-secret", SECRET)
    with receiving() as site, program("--snapshot-url", site.url, "--thin-url", site.url, *secrets) as (url, process):
        stripe = StripeClient("sk_test_1", stripe_version=PIN, base_addresses={"api": url})
        session = session_for(stripe)
        httpx.post(f"{url}/_control/pay", json={"session": session.id})
        recipient(stripe)
        deadline = time.monotonic() + 10
        while len(site.bodies) < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert site.types[-1] == "v2.core.account.created"
        assert "checkout.session.completed" in site.types
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
