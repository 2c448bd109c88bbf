"""Keys in texts: found wherever they stand, told apart from what looks like them."""

import base64
import json

import pyarrow as pa
import pytest

from collective.accounts.domain.keys import KeyParts, make_key
from ingestion.domain.own_keys import MOST_OWN_KEYS, OwnKey
from ingestion.pipeline.checks import Checks
from ingestion.pipeline.checks.secrets import Secrets
from tests.unit.ingestion.checks.seeing import found_in

LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8"


def token(length: int) -> str:
    return (LETTERS * (length // len(LETTERS) + 1))[:length]


def jwt() -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "1234567890", "name": "A"})
    return (
        ".".join([base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]) + ".c2ln"
    )


# Put together here, so that scanners of this repository find nothing.
REAL = {
    "own_key": [make_key().plaintext],
    "private_key": [
        "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END",
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
        "PuTTY-User-Key-File-" + "2: ssh-rsa",
    ],
    "aws_key": [
        "AKIA" + "IOSFODNN7EXAMPLE",
        'aws_secret_key = "' + token(40) + '"',
        "AWS secret token: '" + token(40) + "'",
    ],
    "azure_key": ["AccountKey=" + token(86) + "=="],
    "github_token": ["ghp_" + token(36), "github_pat_" + token(70)],
    "gitlab_token": ["glpat-" + token(20)],
    "google_key": ["AIza" + token(35)],
    "slack_token": [
        "xoxb-" + "123456789012-abcdef1234567890",
        "https://hooks.slack.com/services/" + "T0001/B0001/x1y2z3",
    ],
    "stripe_key": ["sk_live_" + token(24), "rk_live_" + token(24)],
    "openai_key": ["sk-" + token(20) + "T3BlbkFJ" + token(20)],
    "hugging_face_token": ["hf_" + "abcdefghijKLMNOPQRstuvwxyzABCDEFGH"],
    "sendgrid_key": ["SG." + token(22) + "." + token(43)],
    "npm_token": ["//registry.somewhere/:_authToken=npm_" + token(36)],
    "pypi_token": ["pypi-" + "AgEIcHlwaS5vcmc" + token(80)],
    "web_token": [jwt()],
}
LOOKS_LIKE = [
    "d41d8cd98f00b204e9800998ecf8427e" * 2,
    "https://some.site.org/a/very/long/path/to/a/page?with=parameters&and=more",
    "a private key is not for sale; BEGIN PRIVATE KEY without dashes https://some.site.org/long/path",
    "-----BEGIN CERTIFICATE-----",
    "the aws key of the house is under the mat and nobody knows where it is",
    "AKIA is a genus",
    "eyJhbGciOiJub3RhIHRva2Vu.eyJub3RqYXNvbg.x",
    "dck_live_" + "a" * 8 + "_" + "b" * 43 + "_00000000",
    "xoxb-1-a sk_live_short ghp_short",
]


def test_every_kind_has_an_example() -> None:
    assert set(REAL) == set(Secrets.codes)


@pytest.mark.parametrize(
    ("code", "text"),
    # Named by number: our own key is another one in every process.
    [pytest.param(code, text, id=f"{code}-{n}") for code, texts in REAL.items() for n, text in enumerate(texts)],
)
@pytest.mark.parametrize("shift", [0, 1, 2, 3, 17, 1000])
def test_a_real_one_is_found_wherever_it_stands(code: str, text: str, shift: int) -> None:
    rows = ["nothing", " word"[: shift % 5] + "word " * shift + text, f"密钥：{text} end", text]
    assert found_in(rows, "secrets") == {code: (2, 3, 4)}


@pytest.mark.parametrize("text", LOOKS_LIKE)
def test_what_only_looks_like_it_is_not_found(text: str) -> None:
    assert found_in([text, "x " + text, text + " y"], "secrets") == {}


def test_a_mistyped_key_of_ours_is_none() -> None:
    key = make_key().plaintext
    assert found_in([key[:-1] + ("0" if key[-1] != "0" else "1"), key[:-1]], "secrets") == {}


def own_keys_of(*rows: str) -> list[OwnKey]:
    batch = pa.record_batch({"text": pa.array(rows), "other": pa.array(rows)})
    checks = Checks(batch.schema)
    for start in range(batch.num_rows):
        checks.see(batch.slice(start, 1), start + 1)
    return checks.own_keys()


def test_of_our_keys_the_hash_is_told_that_accounts_keeps() -> None:
    keys = [make_key() for _ in range(3)]
    forged = KeyParts(keys[0].id, make_key().secret)
    expected = {OwnKey(key.id, key.secret_sha256) for key in [*keys, forged]}
    first, second, third = (key.plaintext for key in keys)
    found = own_keys_of(f"{first},{second}", "nothing", f"密钥{third}", first, f"x{forged.plaintext}", third[:-1] + "g")
    assert set(found) == expected
    assert len(found) == len(expected)
    told = json.dumps([key.as_json() for key in found])
    assert not [key for key in keys if key.secret[:8] in told]
    assert [OwnKey.from_json(each) for each in json.loads(told)] == found


def test_of_very_many_keys_the_first_are_told() -> None:
    keys = [make_key() for _ in range(MOST_OWN_KEYS + 5)]
    found = own_keys_of(*(key.plaintext for key in keys))
    assert {each.id for each in found} == {key.id for key in keys[:MOST_OWN_KEYS]}


def test_marks_without_end_take_bounded_time() -> None:
    """Each of these takes minutes where a pattern may go back and forth over the whole text."""
    hostile = [
        "eyJ" * 300_000,
        "//" * 400_000 + ":_authToken=",
        "aws key " * 100_000,
        "sk-" + "a" * 900_000 + "T3BlbkFJ",
    ]
    assert found_in(hostile, "secrets") == {}
