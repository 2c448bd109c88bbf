"""Recipients: docs.stripe.com/connect/accounts-v2 and docs.stripe.com/api/v2/core/accounts"""

from typing import Any

from tests.standin.contract import skeleton
from tests.standin.errors import Refusal, invalid, missing
from tests.standin.events import emit_thin
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

TRANSFERS = "stripe_balance.stripe_transfers"
STATUS_UPDATED = "v2.core.account[configuration.recipient].capability_status_updated"
REQUIREMENTS_UPDATED = "v2.core.account[requirements].updated"
# See docs.stripe.com/api-v2-overview#include-response-values: null unless they are asked for.
INCLUDED = ("configuration", "defaults", "future_requirements", "identity", "requirements")
CONFIGURATIONS = ("customer", "merchant", "recipient")
WHY = {
    "restricted": [{"code": "requirements_past_due", "resolution": "provide_info"}],
    "pending": [{"code": "requirements_pending_verification", "resolution": "no_resolution"}],
    "rejected": [{"code": "rejected_other", "resolution": "contact_stripe"}],
    "unsupported": [{"code": "unsupported_country", "resolution": "no_resolution"}],
    "active": [],
}


@route("POST", "/v2/core/accounts")
def create(state: State, call: Call) -> Obj:
    given = call.params
    applied = [name for name in CONFIGURATIONS if name in given.get("configuration", {})]
    if applied and "responsibilities" not in given.get("defaults", {}):
        raise invalid("A configuration needs defaults.responsibilities.", param="defaults.responsibilities")
    _check_country(state, (given.get("identity") or {}).get("country"))
    account = state.add(
        skeleton(
            "v2.core.account",
            id=state.new_id("acct"),
            applied_configurations=applied,
            closed=False,
            configuration={"recipient": {"applied": True}} if "recipient" in applied else {},
            contact_email=given.get("contact_email"),
            created=state.clock.text(),
            dashboard=given.get("dashboard"),
            defaults=_defaults(given),
            display_name=given.get("display_name"),
            identity=_identity(given),
            metadata=given.get("metadata", {}),
            requirements={"entries": []},
        )
    )
    if _asks_for_transfers(given):
        _put(account, "restricted")
    emit_thin(state, "v2.core.account.created", related=account, url=_url(account))
    return _seen(account, call)


def _check_country(state: State, country: str | None) -> None:
    # docs.stripe.com/connect/cross-border-payouts#supported-countries
    allowed = state.settings.recipient_countries
    if allowed is not None and country not in allowed:
        raise invalid(f"A recipient cannot be in {country}.", code="unsupported_country", param="identity.country")


def _asks_for_transfers(given: Obj) -> bool:
    capabilities = given.get("configuration", {}).get("recipient", {}).get("capabilities", {})
    return bool(capabilities.get("stripe_balance", {}).get("stripe_transfers", {}).get("requested"))


def _defaults(given: Obj) -> Obj | None:
    if "defaults" not in given:
        return None
    asked = given["defaults"]
    responsibilities = {**asked.get("responsibilities", {}), "requirements_collector": "stripe"}
    return {"currency": asked.get("currency"), "locales": asked.get("locales"), "responsibilities": responsibilities}


def _identity(given: Obj) -> Obj | None:
    asked = given.get("identity")
    return {"country": asked.get("country"), "entity_type": asked.get("entity_type")} if asked else None


@route("GET", "/v2/core/accounts/{id}")
def retrieve(state: State, call: Call) -> Obj:
    return _seen(get(state, call.ids["id"]), call)


@route("POST", "/v2/core/accounts/{id}")
def update(state: State, call: Call) -> Obj:
    account = get(state, call.ids["id"])
    given = call.params
    account.update({name: given[name] for name in ("contact_email", "dashboard", "display_name") if name in given})
    metadata = {**account["metadata"], **(given.get("metadata") or {})}
    account["metadata"] = {name: value for name, value in metadata.items() if value is not None}
    if given.get("identity"):
        account["identity"] = {**(account["identity"] or {}), **(_identity(given) or {})}
    if _asks_for_transfers(given) and capability(account) is None:
        account["applied_configurations"] = [*{*account["applied_configurations"], "recipient"}]
        _put(account, "restricted")
    emit_thin(state, "v2.core.account.updated", related=account, url=_url(account))
    return _seen(account, call)


def get(state: State, named: str) -> Obj:
    try:
        return state.get("v2.core.account", named)
    except Refusal as problem:
        raise missing("destination", named) from problem


def _seen(account: Obj, call: Call) -> Obj:
    asked = {name.split(".")[0] for name in call.params.get("include", [])}
    return {name: value if name not in INCLUDED or name in asked else None for name, value in account.items()}


def capability(account: Obj) -> str | None:
    """The status of transfers to the account."""
    balance = _transfers(account)
    return str(balance["status"]) if balance else None


def _transfers(account: Obj) -> Any:
    recipient = (account["configuration"] or {}).get("recipient") or {}
    capabilities = recipient.get("capabilities") or {}
    return (capabilities.get("stripe_balance") or {}).get("stripe_transfers")


def set_capability(state: State, account: Obj, status: str) -> None:
    _put(account, status)
    data = {"updated_capability": TRANSFERS}
    emit_thin(state, REQUIREMENTS_UPDATED, related=account, url=_url(account))
    emit_thin(state, STATUS_UPDATED, related=account, url=_url(account), data=data)


def set_destination(state: State, account: Obj) -> None:
    """Another bank account is where payouts go from now on: docs.stripe.com/connect/payouts-connected-accounts"""
    defaults = account["defaults"] or {"responsibilities": {"requirements_collector": "stripe"}}
    currency = defaults.get("currency") or state.settings.currencies.default
    account["defaults"] = {**defaults, "payout_methods": {currency: state.new_id("usba")}}
    emit_thin(state, "v2.core.account[defaults].updated", related=account, url=_url(account))


def close(state: State, account: Obj) -> None:
    """docs.stripe.com/api/v2/core/accounts/close: nothing is transferred to it any more."""
    account["closed"] = True
    _put(account, "restricted")
    emit_thin(state, "v2.core.account.closed", related=account, url=_url(account))


def _put(account: Obj, status: str) -> None:
    transfers = {"status": status, "status_details": WHY[status]}
    recipient = {"applied": True, "capabilities": {"stripe_balance": {"stripe_transfers": transfers}}}
    account["configuration"] = {**(account["configuration"] or {}), "recipient": recipient}
    account["requirements"] = {"entries": [_entry()] if status == "restricted" else []}


def _entry() -> Obj:
    restricts = {"capability": TRANSFERS, "configuration": "recipient", "deadline": {"status": "past_due"}}
    return {
        "awaiting_action_from": "user",
        "description": "identity.individual.date_of_birth",
        "errors": [],
        "impact": {"restricts_capabilities": [restricts]},
        "minimum_deadline": {"status": "past_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def _url(account: Obj) -> str:
    return f"/v2/core/accounts/{account['id']}"
