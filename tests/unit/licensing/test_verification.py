"""Offline verification: every tampering has its outcome, and the checks run in the stated order."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from licensing.domain import status_list
from licensing.domain.hashing import canonical_sha256
from licensing.domain.verification import Evidence, verify

ISSUER = "https://dc.example"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
KEY, OTHER = (OKPKey.generate_key("Ed25519", {"kid": kid}) for kid in ("k1", "k2"))
TEXT = b"You may train models on it.\n"
SHARD = b"PAR1 some rows PAR1"
MANIFEST = {
    "version": "1.0.0",
    "files": [{"path": "data/train-00000.parquet", "sha256": hashlib.sha256(SHARD).hexdigest(), "size": len(SHARD)}],
}
HEADER = {"alg": "Ed25519", "kid": "k1", "typ": "dc-grant+jwt"}


def public(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", "alg": "Ed25519"}


JWKS = {"issuer": ISSUER, "keys": [public(KEY)]}


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": "dc-license-grant",
        "nbf": int((NOW - timedelta(days=1)).timestamp()),
        "exp": int((NOW + timedelta(days=1)).timestamp()),
        "dc": {
            "perpetual": False,
            "manifest_sha256": canonical_sha256(MANIFEST),
            "license": {"text_sha256": hashlib.sha256(TEXT).hexdigest()},
            "status": {
                "statusListCredential": f"{ISSUER}/status/1",
                "statusListIndex": "7",
                "statusPurpose": "revocation",
            },
        },
        **changes,
    }


def sign(payload: Any, *, key: OKPKey = KEY, header: dict[str, Any] | None = None) -> str:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jws.serialize_compact(header or HEADER, raw, key, algorithms=["Ed25519"])


def listed(*revoked: int, hours: int = 24, **changes: Any) -> str:
    body = {
        "iss": ISSUER,
        "sub": f"{ISSUER}/status/1",
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=hours)).timestamp()),
        "statusPurpose": "revocation",
        "encodedList": status_list.encode(revoked),
        **changes,
    }
    return sign(body, header={**HEADER, "typ": "dc-status+jwt"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/train-00000.parquet").write_bytes(SHARD)
    return tmp_path


def evidence(**changes: Any) -> Evidence:
    return replace(Evidence(token=sign(claims()), jwks=JWKS, at=NOW), **changes)


def code(**changes: Any) -> str:
    return verify(evidence(**changes)).code


def test_everything_at_hand_is_ok(folder: Path) -> None:
    outcome = verify(evidence(license_text=TEXT, manifest=MANIFEST, folder=folder, status=listed(6, 8)))
    assert outcome.code == "ok"
    assert outcome.claims["iss"] == ISSUER


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def with_header(header: Any) -> str:
    return ".".join([part(header), *sign(claims()).split(".")[1:]])


def hs256_with_the_public_key() -> str:
    signed = f"{part({**HEADER, 'alg': 'HS256'})}.{part(claims())}"
    secret = base64.urlsafe_b64decode(public(KEY)["x"] + "=")
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "a.b.c",
        "é.b.c",
        with_header({**HEADER, "alg": "none"}),
        with_header({**HEADER, "alg": "EdDSA"}),
        with_header({**HEADER, "typ": "vc+jwt"}),
        with_header({**HEADER, "typ": "JWT"}),
        with_header({**HEADER, "jwk": public(KEY)}),
        with_header({**HEADER, "jku": "https://evil.example/jwks.json"}),
        with_header({**HEADER, "crit": ["exp"]}),
        with_header({"alg": "Ed25519", "typ": "dc-grant+jwt"}),
        with_header({**HEADER, "kid": 7}),
        with_header([]),
        hs256_with_the_public_key(),
        sign(claims()) + ".more",
    ],
)
def test_header(token: str) -> None:
    assert code(token=token) == "header"


def test_a_header_with_a_name_twice() -> None:
    twice = '{"alg":"Ed25519","kid":"k1","kid":"k2","typ":"dc-grant+jwt"}'
    head = base64.urlsafe_b64encode(twice.encode()).decode().rstrip("=")
    assert code(token=".".join([head, *sign(claims()).split(".")[1:]])) == "header"


@pytest.mark.parametrize(
    "jwks",
    [
        {"keys": []},
        {},
        [],
        {"keys": [public(OTHER)]},
        {"keys": [public(KEY), public(KEY)]},
        {"keys": [{**public(KEY), "kty": "RSA"}]},
        {"keys": [{**public(KEY), "crv": "X25519"}]},
        {"keys": [{**public(KEY), "x": "AAAA"}]},
        {"keys": ["k1"]},
    ],
)
def test_unknown_key(jwks: Any) -> None:
    assert code(jwks=jwks) == "unknown_key"


def flip(token: str, index: int) -> str:
    parts = token.split(".")
    swapped = "A" if parts[index][10] != "A" else "B"
    parts[index] = parts[index][:10] + swapped + parts[index][11:]
    return ".".join(parts)


@pytest.mark.parametrize(
    "token",
    [
        flip(sign(claims()), 1),
        flip(sign(claims()), 2),
        sign(claims(), key=OTHER),
        sign([]),
        sign(b"not json"),
        sign(b'{"iss":"https://dc.example","iss":"https://evil.example"}'),
    ],
)
def test_signature(token: str) -> None:
    assert code(token=token) == "signature"


@pytest.mark.parametrize("changes", [{"aud": "other"}, {"aud": ["dc-license-grant"]}, {"iss": "https://evil.example"}])
def test_issuer_or_audience(changes: dict[str, Any]) -> None:
    assert code(token=sign(claims(**changes))) == "issuer_or_audience"


def test_the_issuer_asked_for_counts_more_than_the_key_set() -> None:
    assert code(issuer="https://other.example") == "issuer_or_audience"
    assert code(jwks={"keys": [public(KEY)]}) == "issuer_or_audience"
    assert code(jwks={"keys": [public(KEY)]}, issuer=ISSUER) == "ok"


def test_the_window_includes_its_start_and_not_its_end() -> None:
    start, end = (datetime.fromtimestamp(claims()[name], tz=UTC) for name in ("nbf", "exp"))
    second = timedelta(seconds=1)
    found = [code(at=moment) for moment in (start - second, start, end - second, end)]
    assert found == ["not_yet", "ok", "ok", "expired"]


def test_without_an_end_only_if_it_says_so() -> None:
    endless = {name: value for name, value in claims().items() if name != "exp"}
    assert code(token=sign(endless)) == "expired"
    assert code(token=sign({**endless, "dc": {**endless["dc"], "perpetual": True}}), at=NOW.replace(year=2099)) == "ok"


@pytest.mark.parametrize(("name", "value", "expected"), [("nbf", None, "not_yet"), ("nbf", "0", "not_yet")])
def test_a_time_that_is_no_number(name: str, value: Any, expected: str) -> None:
    assert code(token=sign(claims(**{name: value}))) == expected
    assert code(token=sign(claims(exp="9999999999"))) == "expired"


def test_license_text() -> None:
    assert code(license_text=TEXT) == "ok"
    assert code(license_text=TEXT.replace(b"\n", b"\r\n")) == "license_text_mismatch"


def test_manifest_is_compared_in_its_canonical_form() -> None:
    assert code(manifest=json.loads(json.dumps(MANIFEST, indent=2, sort_keys=True))) == "ok"
    assert code(manifest={**MANIFEST, "version": "1.0.1"}) == "manifest_mismatch"
    assert code(manifest={**MANIFEST, "size": 2**60}) == "manifest_mismatch"


def missing(folder: Path) -> None:
    (folder / "data/train-00000.parquet").unlink()


def changed(folder: Path) -> None:
    (folder / "data/train-00000.parquet").write_bytes(SHARD + b".")


def added(folder: Path) -> None:
    (folder / "data/train-00001.parquet").write_bytes(SHARD)


@pytest.mark.parametrize("harm", [missing, changed, added])
def test_files(folder: Path, harm: Callable[[Path], None]) -> None:
    assert code(manifest=MANIFEST, folder=folder) == "ok"
    harm(folder)
    assert code(manifest=MANIFEST, folder=folder) == "file_mismatch"


def test_a_manifest_cannot_point_outside(folder: Path) -> None:
    for path in ("../secret", "/etc/passwd"):
        manifest = {"files": [{"path": path, "sha256": "0" * 64}]}
        token = sign(claims(dc={**claims()["dc"], "manifest_sha256": canonical_sha256(manifest)}))
        assert code(token=token, manifest=manifest, folder=folder) == "file_mismatch"


def test_a_folder_needs_its_manifest(folder: Path) -> None:
    assert code(folder=folder) == "manifest_mismatch"


def test_revoked_and_unknown() -> None:
    assert code(status=listed(7)) == "revoked"
    assert code(status=listed(6, 8)) == "ok"
    assert code(status=listed(hours=0)) == "status_unknown_since"
    assert code(status=listed(7, hours=0)) == "revoked"
    assert code(status=listed(sub=f"{ISSUER}/status/2")) == "status_unknown_since"
    assert code(status=flip(listed(), 1)) == "status_unknown_since"
    assert code(status=sign(claims())) == "status_unknown_since"
    assert code(status=listed(encodedList="u")) == "status_unknown_since"


def test_the_first_failing_check_is_the_answer(folder: Path) -> None:
    changed(folder)
    everything_wrong = {"license_text": b"", "manifest": {}, "folder": folder, "status": listed(7)}
    wrong_times = claims(exp=1, aud="x")
    steps = [
        (with_header({**HEADER, "alg": "none"}), "header"),
        (sign(claims(), header={**HEADER, "kid": "k9"}), "unknown_key"),
        (flip(sign(wrong_times), 2), "signature"),
        (sign(wrong_times), "issuer_or_audience"),
        (sign(claims(exp=1)), "expired"),
        (sign(claims()), "license_text_mismatch"),
    ]
    assert [code(token=token, **everything_wrong) for token, _ in steps] == [name for _, name in steps]
    assert code(**{**everything_wrong, "license_text": TEXT}) == "manifest_mismatch"
    assert code(**{**everything_wrong, "license_text": TEXT, "manifest": MANIFEST}) == "file_mismatch"
    del everything_wrong["folder"]
    assert code(**{**everything_wrong, "license_text": TEXT, "manifest": MANIFEST}) == "revoked"
