"""Offers and agreements as ODRL 2.2 policies in JSON-LD, from resolved terms. No database, no clock.

Every permission carries every constraint, since one without is unconstrained; and since a permission covers narrower
actions, all that is not permitted is prohibited by name. Governance reference 2.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licensing.domain.odrl_terms import CURRENCY, ODRL, action_iri, country_iri
from licensing.domain.plans import BY_QUOTE
from licensing.domain.terms import terms_view
from licensing.domain.vocabulary import ANYWHERE, countries_in

Node = dict[str, Any]
CAPS = {
    "seats": "seats",
    "service_accounts": "serviceAccounts",
    "models": "models",
    "compute_flop": "computeFlop",
    "model_parameters": "modelParameters",
    "epochs": "epochs",
}


@dataclass(frozen=True)
class Policy:
    """Addresses are absolute. An agreement has an assignee, and the offer that it was derived from.

    `amount` is decimal text, as agreed; None where a price is on request. `ends_at` None is without an end.
    """

    instance: str
    uid: str
    target: str
    assigner: str
    license_url: str
    text_sha256: str
    amount: str | None = None
    ends_at: datetime | None = None
    assignee: str = ""
    derived_from: str = ""


def policy_json(policy: Policy, license_id: str, resolved: Mapping[str, Any]) -> Node:
    """`resolved` is the terms object that the offer hashes."""
    terms, profile = terms_view(license_id, resolved), f"{policy.instance}/ns/odrl-profile/1"
    constraints, duties = list(_constraints(policy, resolved)), list(_duties(policy, resolved))
    permitted = [
        _rule(policy, "Permission", code)
        | _shared(constraints, "constraint", is_first=number == 0)
        | _shared(duties, "duty", is_first=number == 0)
        for number, code in enumerate(terms.permitted)
    ]
    forbidden = sorted({*terms.prohibited, *terms.prohibited_uses})
    named = {"prov:wasDerivedFrom": _ref(policy.derived_from)} if policy.derived_from else {}
    return {
        "@context": {
            "odrl": ODRL,
            "dc": f"{profile}#",
            "dct": "http://purl.org/dc/terms/",
            "cc": "http://creativecommons.org/ns#",
            "prov": "http://www.w3.org/ns/prov#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": policy.uid,
        "@type": ["odrl:Policy", "odrl:Agreement" if policy.assignee else "odrl:Offer"],
        "odrl:profile": _ref(profile),
        "odrl:conflict": _ref("odrl:prohibit"),
        "dct:license": _ref(policy.license_url),
        "dc:licenseTextSha256": policy.text_sha256,
        **named,
        "odrl:permission": permitted,
        "odrl:prohibition": [_rule(policy, "Prohibition", code) for code in forbidden],
        "odrl:obligation": list(_obligations(policy, terms.delete_on_withdrawal)),
    }


def _ref(iri: str) -> Node:
    return {"@id": iri}


def _rule(policy: Policy, kind: str, code: str) -> Node:
    assignee = {"odrl:assignee": _ref(policy.assignee)} if policy.assignee else {}
    return {
        "@type": f"odrl:{kind}",
        "odrl:target": _ref(policy.target),
        "odrl:assigner": _ref(policy.assigner),
        **assignee,
        "odrl:action": _ref(action_iri(code)),
    }


def _shared(nodes: list[Node], name: str, *, is_first: bool) -> Node:
    """Written out with the first permission, and named again by the others: one constraint, one payment."""
    if not nodes:
        return {}
    return {f"odrl:{name}": nodes if is_first else [_ref(node["@id"]) for node in nodes]}


def _constraints(policy: Policy, resolved: Mapping[str, Any]) -> Iterator[Node]:
    scope = resolved["scope"]
    if ANYWHERE not in scope["territory"]:
        countries = [_ref(country_iri(code)) for code in sorted(countries_in(scope["territory"]))]
        yield _constraint("spatial", "odrl:isAnyOf", countries)
    for name, operand in (("purpose", "purpose"), ("field", "industry"), ("licensee_types", "dc:licenseeType")):
        if ANYWHERE not in scope[name]:
            yield _constraint(operand, "odrl:isAnyOf", scope[name])
    if scope["country_group"] != ANYWHERE and ANYWHERE not in scope["country_group"]:
        countries = [_ref(country_iri(code)) for code in sorted(countries_in(scope["country_group"]))]
        yield _constraint("dc:licenseeCountryGroup", "odrl:isAnyOf", countries)
    yield from _times(policy, resolved["time"])
    for name, operand in CAPS.items():
        if resolved["caps"].get(name) is not None:
            value = {"@type": "xsd:integer", "@value": str(resolved["caps"][name])}
            yield _constraint(f"dc:{operand}", "odrl:lteq", value)


def _times(policy: Policy, time: Mapping[str, Any]) -> Iterator[Node]:
    if time["from"]:
        yield _constraint("dateTime", "odrl:gteq", {"@type": "xsd:dateTime", "@value": time["from"]}, name="from")
    until = policy.ends_at.isoformat() if policy.ends_at else time["to"]
    if until:
        yield _constraint("dateTime", "odrl:lt", {"@type": "xsd:dateTime", "@value": until}, name="until")
    elif time["duration"]:
        yield _constraint("elapsedTime", "odrl:lteq", {"@type": "xsd:duration", "@value": time["duration"]})


def _constraint(operand: str, operator: str, value: Any, *, name: str = "") -> Node:
    left = operand if ":" in operand else f"odrl:{operand}"
    return {
        "@id": f"_:{name or left.partition(':')[2]}",
        "@type": "odrl:Constraint",
        "odrl:leftOperand": _ref(left),
        "odrl:operator": _ref(operator),
        "odrl:rightOperand": value,
    }


def _duties(policy: Policy, resolved: Mapping[str, Any]) -> Iterator[Node]:
    price, duties = resolved["price"], resolved["duties"]
    if policy.amount is not None and price["model"] not in BY_QUOTE:
        amount = _constraint("payAmount", "odrl:eq", {"@type": "xsd:decimal", "@value": policy.amount})
        amount["odrl:unit"] = _ref(CURRENCY + price["currency"])
        yield {**_duty("pay", "odrl:compensate"), "odrl:constraint": [amount]}
    for name, asked, action in (
        ("by", duties["attribute"], "odrl:attribute"),
        ("text", duties["include_text"], "cc:Notice"),
        ("alike", duties["share_alike"]["targets"], "cc:ShareAlike"),
        ("inform", duties["notify"], "odrl:inform"),
    ):
        if asked:
            yield _duty(name, action)


def _duty(name: str, action: str) -> Node:
    return {"@id": f"_:{name}", "@type": "odrl:Duty", "odrl:action": _ref(action)}


def _obligations(policy: Policy, delete_on_withdrawal: str) -> Iterator[Node]:
    if not delete_on_withdrawal:
        return
    withdrawn = _constraint("event", "odrl:gt", _ref("dc:consentWithdrawn"))
    span = {"@type": "xsd:duration", "@value": delete_on_withdrawal}
    within = _constraint("elapsedTime", "odrl:lteq", span, name="within")
    rule = _rule(policy, "Duty", "access")
    yield {**rule, "odrl:action": _ref("odrl:delete"), "odrl:constraint": [withdrawn, within]}
