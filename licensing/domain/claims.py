"""The claims of a license grant (governance reference 4), from plain values. No database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licensing.domain.terms import Terms

AUDIENCE = "dc-license-grant"
TYPE = "dc-grant+jwt"


@dataclass(frozen=True)
class AcceptanceRecord:
    """How the buyer accepted. `offer_sha256` is the offer they saw; `ip` and `user_agent` never enter the grant.

    `text_sha256` is the language variant that was read, `licensee_type` and `licensee_country` what the buyer declared;
    the hash covers what they gave as evidence for it. Empty means: the offer's own text, the organization's own kind,
    the offer's own price.
    """

    offer_sha256: str
    accepted_at: datetime
    role: str = "signatory"
    method: str = "click"
    text_sha256: str = ""
    licensee_type: str = ""
    licensee_country: str = ""
    licensee_evidence_sha256: str = ""
    price_minor: int | None = None
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class GrantFacts:
    """Everything a grant says. URLs are absolute; `expires_at` None is a grant without an end."""

    issuer: str
    licensee_url: str
    licensee_type: str
    licensee_evidence_sha256: str
    amount: str
    grant_urn: str
    issued_at: datetime
    starts_at: datetime
    expires_at: datetime | None
    agreement_url: str
    agreement_sha256: str
    dataset_url: str
    from_version: str
    version_range: str
    pinned_version: str
    manifest_sha256: str
    license_version: str
    license_url: str
    text_sha256: str
    terms_sha256: str
    language: str
    order_id: str
    accepted_by: str
    acceptance: AcceptanceRecord
    evidence_sha256: str
    status_list_url: str
    status_index: int


def grant_claims(facts: GrantFacts, terms: Terms, resolved: Mapping[str, Any]) -> dict[str, Any]:
    """The payload. `resolved` is the terms object that `terms_sha256` hashes, `terms` the view of it."""
    claims: dict[str, Any] = {
        "iss": facts.issuer,
        "sub": facts.licensee_url,
        "aud": AUDIENCE,
        "jti": facts.grant_urn,
        "iat": _seconds(facts.issued_at),
        "nbf": _seconds(facts.starts_at),
        "dc": {
            "v": 1,
            "agreement": facts.agreement_url,
            "agreement_sha256": facts.agreement_sha256,
            "dataset": facts.dataset_url,
            "versions": {"from": facts.from_version, "range": facts.version_range, "pinned": facts.pinned_version},
            "manifest_sha256": facts.manifest_sha256,
            "license": _license(facts, terms),
            **_rights(facts, terms, resolved),
            "accepted_by": _accepted(facts),
            "status": {
                "type": "BitstringStatusListEntry",
                "statusListCredential": facts.status_list_url,
                "statusListIndex": str(facts.status_index),
                "statusPurpose": "revocation",
            },
        },
    }
    if facts.expires_at is not None:
        claims["exp"] = _seconds(facts.expires_at)
    return claims


def _license(facts: GrantFacts, terms: Terms) -> dict[str, Any]:
    return {
        "id": terms.license_id,
        "version": facts.license_version,
        "uri": facts.license_url,
        "text_sha256": facts.text_sha256,
        "terms_sha256": facts.terms_sha256,
        "language": facts.language,
    }


def _rights(facts: GrantFacts, terms: Terms, resolved: Mapping[str, Any]) -> dict[str, Any]:
    scope, caps = resolved["scope"], resolved["caps"]
    price = {"model": resolved["price"]["model"], "amount": facts.amount, "currency": resolved["price"]["currency"]}
    return {
        "actions": sorted(terms.permitted),
        "prohibited": sorted({*terms.prohibited, *terms.prohibited_uses}),
        "prohibited_text": resolved["prohibited_uses"]["text"],
        "commercial": terms.commercial,
        "purpose": scope["purpose"],
        "territory": scope["territory"],
        "field": scope["field"],
        "seats": caps["seats"],
        "caps": {name: cap for name, cap in caps.items() if cap is not None},
        "licensee_type": facts.licensee_type,
        "licensee_evidence_sha256": facts.licensee_evidence_sha256 or None,
        "exclusive": terms.exclusive,
        "perpetual": facts.expires_at is None,
        "revocable": sorted(terms.revocability),
        "attribution": (resolved["duties"]["attribute"] or {}).get("text"),
        "credits": resolved["duties"].get("credits", []),
        "price": {**price, "order": facts.order_id},
        "obligations": obligations(terms, resolved),
    }


def obligations(terms: Terms, resolved: Mapping[str, Any]) -> list[str]:
    """Codes, sorted: what the licensee must do or leave."""
    duties, outputs, share = resolved["duties"], resolved["outputs"], resolved["duties"]["benefit_share_pct"]
    present = {
        "notify": duties["notify"],
        "report_usage": duties["report_usage"],
        f"benefit_share_{share}_pct": bool(share),
        "publish_results": duties["publish_results"],
        f"security_{duties['security_level']}": duties["security_level"] != "standard",
        "outputs_labeling": outputs["labeling"],
        "outputs_share_alike": outputs["share_alike"],
        "outputs_no_regurgitation": outputs["no_regurgitation"],
        "share_alike_reaches_model": terms.share_alike_reaches_model,
        "attribute": terms.attribute,
        "include_text": terms.include_text,
        "share_alike": bool(terms.share_alike),
        "no_redistribution": "redistribute" in terms.prohibited,
        f"delete_on_withdrawal_{terms.delete_on_withdrawal}": bool(terms.delete_on_withdrawal),
    }
    return sorted(code for code, holds in present.items() if holds)


def _accepted(facts: GrantFacts) -> dict[str, Any]:
    return {
        "user": facts.accepted_by,
        "role": facts.acceptance.role,
        "at": facts.acceptance.accepted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "method": facts.acceptance.method,
        "evidence_sha256": facts.evidence_sha256,
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
