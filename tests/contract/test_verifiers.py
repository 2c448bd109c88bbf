"""Three verifiers that share no code: ours, the client's, and the example with another JOSE library. One table."""

import importlib.util
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from data_collective.cli import main
from licensing.domain.verification import Evidence, verify
from tests.unit.licensing import test_verification as given

HEAD = given.HEADER
ENDLESS = {name: value for name, value in given.claims().items() if name != "exp"}
DEEP = "[" * 100_000
GOOD = given.sign(given.claims())


def header(**changes: Any) -> str:
    return given.with_header({**HEAD, **changes})


def without_padding(token: str, index: int, tail: str) -> str:
    parts = token.split(".")
    parts[index] += tail
    return ".".join(parts)


def utf16_header() -> str:
    import base64

    raw = base64.urlsafe_b64encode(json.dumps(HEAD).encode("utf-16")).decode().rstrip("=")
    return ".".join([raw, *GOOD.split(".")[1:]])


TOKENS = {
    "ok": [GOOD, given.sign({**ENDLESS, "dc": {**ENDLESS["dc"], "perpetual": True}})],
    "header": [
        "",
        "a.b.c",
        header(alg="none"),
        header(alg="EdDSA"),
        header(typ="vc+jwt"),
        header(typ="dc-status+jwt"),
        header(jwk=given.public(given.KEY)),
        header(jku="https://evil.example/jwks.json"),
        header(x5u="https://evil.example/x.pem"),
        header(crit=["exp"]),
        header(kid=None),
        given.hs256_with_the_public_key(),
        without_padding(GOOD, 0, "="),
        without_padding(GOOD, 2, ".x"),
        utf16_header(),
        "A" * 2_000_000 + "." + GOOD,
        given.part(json.loads("[" * 900 + "]" * 900)) + ".a.b",
    ],
    "unknown_key": [given.sign(given.claims(), header={**HEAD, "kid": "k9"}), header(kid="\ud800")],
    "signature": [
        given.flip(GOOD, 1),
        given.flip(GOOD, 2),
        without_padding(GOOD, 2, "=="),
        without_padding(GOOD, 1, "="),
        given.sign(given.claims(), key=given.OTHER),
        given.sign([]),
        given.sign(b"\xff\xfe{}"),
        given.sign(b'{"iss":1,"iss":2}'),
        given.sign(b'{"exp":NaN}'),
        given.sign(DEEP.encode()),
    ],
    "issuer_or_audience": [
        given.sign(given.claims(aud="x")),
        given.sign(given.claims(aud=["dc-license-grant"])),
        given.sign(given.claims(iss="https://evil.example")),
    ],
    "not_yet": [given.sign(given.claims(nbf=4_000_000_000)), given.sign(given.claims(nbf="0"))],
    "expired": [given.sign(given.claims(exp=1)), given.sign(ENDLESS), given.sign(given.claims(exp=10**30))],
}
STATUS = [
    (given.listed(6, 8), "ok"),
    (given.listed(7), "revoked"),
    (given.listed(7, hours=0), "revoked"),
    (given.listed(hours=0), "status_unknown_since"),
    (given.listed(sub="https://dc.example/status/2"), "status_unknown_since"),
    (given.flip(given.listed(), 1), "status_unknown_since"),
    (given.listed(encodedList="u"), "status_unknown_since"),
    (given.listed(encodedList=7), "status_unknown_since"),
    (given.listed(statusPurpose="suspension"), "status_unknown_since"),
    (given.listed(7, statusPurpose=None), "status_unknown_since"),
    (GOOD, "status_unknown_since"),
]
KEY_SETS: list[Any] = [
    {"issuer": given.ISSUER, "keys": [given.public(given.KEY)] * 2},
    {"issuer": given.ISSUER, "keys": [{**given.public(given.KEY), "kty": "RSA"}]},
    {"issuer": given.ISSUER, "keys": [{**given.public(given.KEY), "use": "enc"}]},
    {"issuer": given.ISSUER, "keys": [{**given.public(given.KEY), "x": "AAAA"}]},
    {"issuer": given.ISSUER, "keys": "none"},
    [],
]


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("example", settings.BASE_DIR / "examples/verify_grant.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def answers(example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """What each of the three says of the same files; the exit status must fit."""

    def ask(token: str, *options: str, jwks: Any = given.JWKS, **saved: Any) -> list[str]:
        files = {"grant.jws": token.encode("ascii", "replace"), "jwks.json": json.dumps(jwks).encode()}
        for name, value in saved.items():
            files[name] = value if isinstance(value, bytes) else json.dumps(value).encode()
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        flags = [part for name in saved for part in (f"--{name}", str(tmp_path / name))]
        command = [str(tmp_path / "grant.jws"), "--jwks", str(tmp_path / "jwks.json"), *flags, *options]
        command += [] if "--at" in options else ["--at", given.NOW.isoformat()]
        said = [ours(command)]
        for run in (lambda: main(["verify", *command]), lambda: example.main(command)):
            status = run()
            said.append(capsys.readouterr().out.partition(":")[0])
            assert status == (0 if said[-1] == "ok" else 1)
        return said

    return ask


def ours(command: list[str]) -> str:
    from argparse import ArgumentParser

    from licensing.management.commands.verify_grant import Command, _evidence

    parser = ArgumentParser()
    Command().add_arguments(parser)
    evidence: Evidence = _evidence(vars(parser.parse_args(command)))
    return verify(evidence).code


@pytest.mark.parametrize(
    ("token", "expected"), [(token, name) for name in TOKENS for token in TOKENS[name]], ids=str.__len__
)
def test_tokens(answers: Callable[..., list[str]], token: str, expected: str) -> None:
    assert answers(token) == [expected] * 3


@pytest.mark.parametrize("jwks", KEY_SETS, ids=range(len(KEY_SETS)))
def test_key_sets(answers: Callable[..., list[str]], jwks: Any) -> None:
    assert answers(GOOD, jwks=jwks) == ["unknown_key"] * 3


@pytest.mark.parametrize(("status", "expected"), STATUS, ids=range(len(STATUS)))
def test_status_lists(answers: Callable[..., list[str]], status: str, expected: str) -> None:
    assert answers(GOOD, status=status.encode()) == [expected] * 3


def test_who_wants_a_fresh_list_gets_no_ok_without_one(answers: Callable[..., list[str]]) -> None:
    """G25: fail closed."""
    unknown = ["status_unknown_since"] * 3
    assert answers(GOOD, "--fresh", "7") == unknown
    days: dict[str, Any] = {"hours": 24 * 30}
    for age, expected in ((6, ["ok"] * 3), (8, unknown)):
        issued = int((given.NOW - timedelta(days=age)).timestamp())
        assert answers(GOOD, "--fresh", "7", status=given.listed(iat=issued, **days).encode()) == expected
    assert answers(GOOD, status=given.listed(iat=issued, **days).encode()) == ["ok"] * 3
    no_date = given.listed(iat=None, **days).encode()
    assert answers(GOOD, "--fresh", "7", status=no_date) == unknown


def test_text_manifest_and_files(answers: Callable[..., list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "data").mkdir(parents=True)
    shard = folder / "data/train-00000.parquet"
    shard.write_bytes(given.SHARD)
    beside = ("--dir", str(folder))
    assert answers(GOOD, *beside, license=given.TEXT, manifest=given.MANIFEST) == ["ok"] * 3
    assert answers(GOOD, license=given.TEXT + b" ") == ["license_text_mismatch"] * 3
    wrongs: list[Any] = [{**given.MANIFEST, "version": "2"}, {"size": 2**60}, [], {"a": 1.5}]
    for wrong in wrongs:
        assert answers(GOOD, *beside, manifest=wrong) == ["manifest_mismatch"] * 3
    (folder / "more.parquet").write_bytes(b"")
    assert answers(GOOD, *beside, manifest=given.MANIFEST) == ["file_mismatch"] * 3
    (folder / "more.parquet").unlink()
    for extra in ("more.jsonl", "data/more.txt", "MORE.PARQUET"):
        (folder / extra).write_bytes(b"")
        assert answers(GOOD, *beside, manifest=given.MANIFEST) == ["file_mismatch"] * 3, extra
        (folder / extra).unlink()
    (folder / "license.txt").write_bytes(given.TEXT)
    assert answers(GOOD, *beside, manifest=given.MANIFEST) == ["ok"] * 3
    shard.write_bytes(b"PAR1")
    assert answers(GOOD, *beside, manifest=given.MANIFEST) == ["file_mismatch"] * 3
    shard.unlink()
    assert answers(GOOD, *beside, manifest=given.MANIFEST) == ["file_mismatch"] * 3


def test_an_unknown_status_names_the_day_and_ok_is_never_said_without_its_limits(tmp_path: Path) -> None:
    """G25: a verifier without a network hears since when nothing is known."""
    late = given.NOW + timedelta(hours=20)
    stale = given.listed(hours=1)
    said = verify(Evidence(GOOD, given.JWKS, late, status=stale))
    assert (said.code, given.NOW.date().isoformat() in said.detail) == ("status_unknown_since", True)
    assert "not checked" in verify(Evidence(GOOD, given.JWKS, given.NOW)).detail


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_text("{")
    assert main(["verify", str(tmp_path / "x"), "--jwks", str(tmp_path / "x")]) == 2
    assert main(["verify", str(tmp_path / "x"), "--jwks", str(tmp_path / "nowhere")]) == 2
    assert "cannot be read" in capsys.readouterr().err
