"""The way to the pages where a recipient says who they are: docs.stripe.com/api/v2/core/account-links"""

from datetime import datetime

from tests.standin.contract import skeleton
from tests.standin.errors import refused
from tests.standin.resources import accounts
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

VALID_SECONDS = 5 * 60


@route("POST", "/v2/core/account_links")
def create(state: State, call: Call) -> Obj:
    given = call.params
    accounts.get(state, given["account"])
    named = state.new_id("alink")
    return state.add(
        skeleton(
            "v2.core.account_link",
            account=given["account"],
            created=state.clock.text(),
            expires_at=state.clock.text(state.now() + VALID_SECONDS),
            url=f"{state.base}/connect/{named}",
            use_case=given["use_case"],
        ),
        named=named,
    )


def open_link(state: State, named: str) -> Obj:
    """docs.stripe.com/connect/hosted-onboarding#create-account-link: once, and for a few minutes only."""
    link = state.get("v2.core.account_link", named)
    notes = state.notes[named]
    if notes.get("used") or _seconds(link["expires_at"]) <= state.now():
        raise refused(
            "account_link_expired", "This link is used or has expired.", refresh_url=_asked(link)["refresh_url"]
        )
    notes["used"] = True
    return link


def return_url(link: Obj) -> str | None:
    address: str | None = _asked(link).get("return_url")
    return address


def _asked(link: Obj) -> Obj:
    asked: Obj = link["use_case"][link["use_case"]["type"]]
    return asked


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
