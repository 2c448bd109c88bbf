"""What a problem repeats of a file, without what belongs to a person or opens an account."""

import re
from dataclasses import replace

import pyarrow as pa

from ingestion.domain.findings import Finding
from ingestion.domain.problems import Problem
from ingestion.pipeline.checks import Checks

MASK = "•"
# An example is cut off somewhere, perhaps in the middle of an address or a key, where no check knows it any more. So
# these are wider than the checks: whatever stands around an "@", long tokens of mixed letters and digits, and what the
# cut went through.
ADDRESS = re.compile(r"[^\s\"'<>,;|]{1,64}@[^\s\"'<>,;|]*")
SIGNS = "0-9A-Za-z_+/=-"
TOKEN = re.compile(rf"(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])[{SIGNS}]{{19,}}")
KEY = re.compile(r"-----BEGIN[\s\S]*")
LAST = re.compile(rf"(?:[0-9A-Z+][0-9A-Z .\-/()]{{4,}}|[.{SIGNS}]{{12,}})\Z")
CUT_FROM = 90
SIGN = re.compile(r"\w")
DIGIT = re.compile(r"[0-9]")


def masked_problem(problem: Problem) -> Problem:
    example = masked(problem.example) if problem.example else problem.example
    return replace(problem, message=masked(problem.message), example=example)


def masked(text: str) -> str:
    """Letters and digits of what looks like somebody's data or a secret become dots; the rest stays readable."""
    for rule in (KEY, ADDRESS, TOKEN):
        text = rule.sub(_hidden, text)
    if len(text) >= CUT_FROM:
        text = LAST.sub(_hidden, text)
    found = _findings(text)
    if any(each.check == "secrets" for each in found):
        return SIGN.sub(MASK, text)
    numbers = any(each.check == "personal_data" and each.code != "email" for each in found)
    return DIGIT.sub(MASK, text) if numbers else text


def _hidden(found: re.Match[str]) -> str:
    return SIGN.sub(MASK, found[0])


def _findings(text: str) -> list[Finding]:
    batch = pa.record_batch({"text": pa.array([text.encode("utf-8", "replace").decode()], pa.string())})
    checks = Checks(batch.schema)
    checks.see(batch, 1)
    return list(checks.findings())
