"""Policies say what the terms say: nothing is permitted that the terms do not permit, whatever ODRL's words include."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from licensing.domain.library import TEMPLATES
from licensing.domain.odrl import Policy, policy_json
from licensing.domain.odrl_terms import PARTS, action_iri, profile_turtle
from licensing.domain.parameters import Filling, resolve_terms
from licensing.domain.terms import terms_view

BY_ID = {template.license_id: template for template in TEMPLATES}
SITE = "https://dc.example"
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
DC = Namespace(f"{SITE}/ns/odrl-profile/1#")
POLICY = Policy(
    instance=SITE,
    uid=f"{SITE}/api/v1/offers/1",
    target=f"{SITE}/datasets/a/b/versions/1.0.0/",
    assigner=f"{SITE}/organizations/a/",
    license_url=f"{SITE}/licenses/sha256/{'0' * 64}/",
    text_sha256="0" * 64,
    amount="900.00",
)
PRICE = {"model": "one_off", "amount": "900.00", "currency": "EUR", "tax_class": "standard", "approval_required": False}
NARROW = {"scope": {"field": ["asr"], "territory": ["FR", "SN"]}, "caps": {"seats": 5}}


def resolved(license_id: str, **parameters: Any) -> dict[str, Any]:
    filling = Filling("Baobab Voices", PRICE, duration_days=365)
    return resolve_terms(license_id, BY_ID[license_id].terms, parameters, filling)


def wholes(code: str) -> Iterator[str]:
    """Everything that an action is a part of."""
    iri = PARTS.get(code)
    while iri is not None:
        yield iri
        iri = PARTS.get(iri.removeprefix("dc:")) if iri.startswith("dc:") else None


def actions(policy: dict[str, Any], kind: str) -> set[str]:
    return {rule["odrl:action"]["@id"] for rule in policy[f"odrl:{kind}"]}


def graph_of(policy: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(policy), format="json-ld")


@pytest.mark.parametrize("license_id", sorted(BY_ID))
def test_what_is_not_permitted_is_prohibited_by_name(license_id: str) -> None:
    terms = terms_view(license_id, BY_ID[license_id].terms)
    policy = policy_json(POLICY, license_id, {**BY_ID[license_id].terms, "price": PRICE})
    permitted, prohibited = actions(policy, "permission"), actions(policy, "prohibition")
    assert permitted == {action_iri(code) for code in terms.permitted}
    assert prohibited >= {action_iri(code) for code in (*terms.prohibited, *terms.prohibited_uses)}
    assert not permitted & prohibited
    for code in terms.prohibited:
        if any(whole in permitted for whole in wholes(code)):
            assert action_iri(code) in prohibited, "a wider permission would cover it"


def test_every_rule_stands_by_itself_and_carries_every_constraint() -> None:
    license_id = "LicenseRef-DC-TRAIN-COMM-1.0"
    graph = graph_of(policy_json(POLICY, license_id, resolved(license_id, **NARROW)))
    policy = URIRef(POLICY.uid)
    assert (policy, ODRL.conflict, ODRL.prohibit) in graph
    assert (policy, ODRL.profile, URIRef(f"{SITE}/ns/odrl-profile/1")) in graph
    permissions = list(graph.objects(policy, ODRL.permission))
    assert len(permissions) == len(terms_view(license_id, BY_ID[license_id].terms).permitted)
    held = {frozenset(graph.objects(each, ODRL.constraint)) for each in permissions}
    assert len(held) == 1, "the same constraints for all"
    (constraints,) = held
    operands = {operand for each in constraints for operand in graph.objects(each, ODRL.leftOperand)}
    assert operands == {ODRL.spatial, ODRL.industry, ODRL.elapsedTime, DC.seats}
    for kind in (ODRL.permission, ODRL.prohibition, ODRL.obligation):
        for rule in graph.objects(policy, kind):
            for part, value in ((ODRL.target, POLICY.target), (ODRL.assigner, POLICY.assigner)):
                assert list(graph.objects(rule, part)) == [URIRef(value)]
            assert len(list(graph.objects(rule, ODRL.action))) == 1
    assert not [rule for rule in graph.objects(policy, ODRL.prohibition) if list(graph.objects(rule, ODRL.duty))]
    values = [str(each) for each in graph.objects(None, ODRL.rightOperand)]
    countries = {each.rpartition("/")[2] for each in values if "country/" in each}
    assert countries == {"FRA", "SEN"}


def test_one_payment_and_the_deletion_after_a_withdrawal() -> None:
    license_id = "LicenseRef-DC-TRAIN-COMM-1.0"
    graph = graph_of(policy_json(POLICY, license_id, resolved(license_id)))
    (payment,) = set(graph.subjects(ODRL.action, ODRL.compensate))
    (amount,) = graph.objects(payment, ODRL.constraint)
    assert [str(each) for each in graph.objects(amount, ODRL.rightOperand)] == ["900.00"]
    (obligation,) = graph.objects(URIRef(POLICY.uid), ODRL.obligation)
    assert (obligation, ODRL.action, ODRL.delete) in graph
    said = {
        str(value)
        for each in graph.objects(obligation, ODRL.constraint)
        for value in graph.objects(each, ODRL.rightOperand)
    }
    assert said == {str(DC.consentWithdrawn), "P30D"}


def test_an_agreement_names_its_assignee_its_offer_and_its_end() -> None:
    agreed = replace(
        POLICY,
        uid=f"{SITE}/agreements/1/",
        assignee=f"{SITE}/organizations/c/",
        derived_from=POLICY.uid,
        ends_at=datetime(2027, 12, 1, tzinfo=UTC),
    )
    license_id = "LicenseRef-DC-TRAIN-COMM-1.0"
    graph = graph_of(policy_json(agreed, license_id, resolved(license_id)))
    assert (URIRef(agreed.uid), RDF.type, ODRL.Agreement) in graph
    assert (URIRef(agreed.uid), URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"), URIRef(POLICY.uid)) in graph
    assert set(graph.objects(None, ODRL.assignee)) == {URIRef(agreed.assignee)}
    assert "2027-12-01T00:00:00+00:00" in {str(each) for each in graph.objects(None, ODRL.rightOperand)}


def test_every_term_of_ours_is_defined_in_the_profile() -> None:
    profile = Graph().parse(data=profile_turtle(SITE), format="turtle")
    defined = set(profile.subjects(URIRef("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"), None))
    used: set[Any] = set()
    for license_id, template in BY_ID.items():
        terms = {**template.terms, "price": PRICE}
        graph = graph_of(policy_json(POLICY, license_id, terms))
        used |= {node for triple in graph for node in triple if str(node).startswith(str(DC))}
    narrow = graph_of(policy_json(POLICY, "CC0-1.0", resolved("LicenseRef-DC-RESEARCH-1.0", **NARROW)))
    used |= {node for triple in narrow for node in triple if str(node).startswith(str(DC))}
    assert used <= defined
    for term in defined:
        assert list(profile.objects(term, RDF.type)), term
