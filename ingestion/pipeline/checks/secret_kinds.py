"""What gives access to somebody's account: for each kind a mark that Arrow finds fast, and the rule that decides.

Most rules are those of detect-secrets, without entropy and without asking the service whether a key works: nothing here
opens a connection.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from itertools import islice

from ingestion.domain.findings import Severity
from ingestion.domain.own_keys import own_keys_in
from ingestion.pipeline.checks.places import LONG_TOKEN

# Around a mark; far more than a key has.
BYTES_BEFORE, BYTES_AFTER = 96, 2048
# Marks without a key behind them, as in a text about keys: so many are tried in one text.
MOST_TRIES = 20
TOKEN = re.compile(rf"[!-~]{{{LONG_TOKEN}}}|-----BEGIN")
OWN_KEY = "own_key"


@dataclass(frozen=True)
class SecretKind:
    """`mark` is for RE2 and for Python. A text holds a secret if `holds` says so of the text around a mark."""

    code: str
    mark: str
    holds: Callable[[str], bool]
    severity: Severity = "warning"

    def is_in(self, text: str) -> bool:
        marks = islice(re.finditer(self.mark, text), MOST_TRIES)
        return any(self.holds(text[max(0, each.start() - BYTES_BEFORE) : each.start() + BYTES_AFTER]) for each in marks)


def known_to(plugin: str, detector: str) -> Callable[[str], bool]:
    """The rule of a plugin of detect-secrets."""

    def holds(text: str) -> bool:
        module = import_module(f"detect_secrets.plugins.{plugin}")
        rules: Iterable[re.Pattern[str]] = getattr(module, detector).denylist
        return any(_is_seen(found[0]) for rule in rules for found in rule.finditer(text))

    return holds


def like(pattern: str) -> Callable[[str], bool]:
    rule = re.compile(pattern)
    return lambda text: rule.search(text) is not None


def is_own_key(text: str) -> bool:
    return any(True for _ in own_keys_in(text))


def is_jwt(text: str) -> bool:
    from detect_secrets.plugins.jwt import JwtTokenDetector  # noqa: PLC0415 - most pieces never need it

    return any(_is_seen(token) for token in JwtTokenDetector().analyze_string(text))


def _is_seen(secret: str) -> bool:
    """Whether such a secret is seen wherever it stands; what is only seen by chance must not count."""
    return TOKEN.search(secret) is not None


# Spelled out, because a pattern that ignores case is ten times slower in Python.
AWS_ASSIGNMENT = r"[aA][wW][sS].{0,20}(?:[kK][eE][yY]|[pP][aAwW]|[tT][oO][kK][eE][nN])"

SECRET_KINDS = (
    SecretKind(OWN_KEY, "dck_live_", is_own_key),
    SecretKind("private_key", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY", like(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")),
    SecretKind("private_key", "PuTTY-User-Key-File-", like(r"PuTTY-User-Key-File-[0-9]")),
    SecretKind("aws_key", r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{4}", known_to("aws", "AWSKeyDetector")),
    SecretKind("aws_key", AWS_ASSIGNMENT, known_to("aws", "AWSKeyDetector")),
    SecretKind("azure_key", "AccountKey=", known_to("azure_storage_key", "AzureStorageKeyDetector")),
    SecretKind("github_token", r"gh[pousr]_[A-Za-z0-9]", known_to("github_token", "GitHubTokenDetector")),
    SecretKind("github_token", "github_pat_", like(r"github_pat_[0-9A-Za-z_]{60}")),
    SecretKind("gitlab_token", r"gl[a-z]{2,5}-[A-Za-z0-9_]|GR1348941", known_to("gitlab_token", "GitLabTokenDetector")),
    SecretKind("google_key", "AIza[0-9A-Za-z_-]", like(r"(?<![0-9A-Za-z_-])AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])")),
    SecretKind("slack_token", r"xox[abposr]-[0-9]|hooks\.slack\.com/", known_to("slack", "SlackDetector")),
    SecretKind("stripe_key", "[rs]k_live_", known_to("stripe", "StripeDetector")),
    SecretKind("openai_key", "T3BlbkFJ", known_to("openai", "OpenAIDetector")),
    SecretKind("hugging_face_token", "hf_[A-Za-z]", like(r"(?<![0-9A-Za-z_])hf_[A-Za-z]{34}(?![0-9A-Za-z_])")),
    SecretKind("sendgrid_key", r"SG\.[a-zA-Z0-9_-]", known_to("sendgrid", "SendGridDetector")),
    SecretKind("npm_token", ":_authToken=", known_to("npm", "NpmDetector")),
    SecretKind("pypi_token", "pypi-AgE", known_to("pypi_token", "PypiTokenDetector")),
    SecretKind("web_token", r"eyJ[A-Za-z0-9_=-]{8}", is_jwt, "note"),
)
MARKS = "|".join(f"(?:{kind.mark})" for kind in SECRET_KINDS)
