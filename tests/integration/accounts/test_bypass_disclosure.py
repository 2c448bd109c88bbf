"""C11: a scanner's signed report revokes the keys in it; with any other signature nothing happens."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from pytest_django import Settings

from collective.accounts.models import ApiKey
from tests.integration.accounts.people import key_of, person, with_key

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESS = "/api/v1/disclosed-keys"


@pytest.fixture
def scanner(settings: Settings, tmp_path: Path) -> EllipticCurvePrivateKey:
    """Its public key is known to the site as `s1`."""
    private = generate_private_key(SECP256R1())
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    file = tmp_path / "scanners.json"
    file.write_text(json.dumps({"public_keys": [{"key_identifier": "s1", "key": pem, "is_current": True}]}))
    settings.DISCLOSURE_KEYS_FILE = str(file)
    return private


def report(body: Any, *, signer: EllipticCurvePrivateKey | None, signed: Any = None, identifier: str = "s1") -> Any:
    raw = json.dumps(body).encode()
    mark = signer.sign(json.dumps(signed or body).encode(), ECDSA(SHA256())) if signer else b""
    headers = {
        "Github-Public-Key-Identifier": identifier,
        "Github-Public-Key-Signature": base64.b64encode(mark).decode(),
    }
    return Client().post(ADDRESS, raw, content_type="application/json", headers=headers)


def test_a_signed_report_revokes_at_once(scanner: EllipticCurvePrivateKey) -> None:
    key, other = key_of(person("Ana")), key_of(person("Bela"))
    mistyped = other[:-1] + ("0" if other[-1] != "0" else "1")
    found = [{"token": key, "type": "dck", "url": "https://example.org/x", "source": "content"}, {"token": mistyped}]
    answer = report(found, signer=scanner)
    assert answer.status_code == 200
    assert [each["label"] for each in answer.json()] == ["true_positive", "false_positive"]
    assert key not in answer.content.decode()
    assert with_key(key).get("/api/v1/me").status_code == 401
    assert with_key(other).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("wrong", ["signer", "body", "identifier", "no signature", "not base64", "nobody is trusted"])
def test_a_bad_signature_revokes_nothing(scanner: EllipticCurvePrivateKey, settings: Settings, wrong: str) -> None:
    key = key_of(person("Ana"))
    body = [{"token": key, "type": "dck"}]
    if wrong == "nobody is trusted":
        settings.DISCLOSURE_KEYS_FILE = ""
    if wrong == "not base64":
        headers = {"Github-Public-Key-Identifier": "s1", "Github-Public-Key-Signature": "!!"}
        answer = Client().post(ADDRESS, body, content_type="application/json", headers=headers)
    else:
        answer = report(
            body,
            signer={"signer": generate_private_key(SECP256R1()), "no signature": None}.get(wrong, scanner),
            signed=[{"token": "another"}] if wrong == "body" else None,
            identifier="s2" if wrong == "identifier" else "s1",
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "disclosure_refused")
    assert ApiKey.objects.get().revoked_at is None
    assert with_key(key).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("body", [{"token": "x"}, ["x"], [{"type": "x"}], [{"token": 1}]])
def test_a_signed_report_of_another_form(scanner: EllipticCurvePrivateKey, body: Any) -> None:
    answer = report(body, signer=scanner)
    assert (answer.status_code, answer.json()["code"]) == (400, "disclosure_form")
