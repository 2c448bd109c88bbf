"""Small files that are kept: every run of a fuzzer begins with them, and each that once found something stays."""

import os
from pathlib import Path

from hypothesis import settings

from ingestion.domain.problems import BrokenFileError

FOLDER = Path(__file__).parent / "corpus"
# How many examples each fuzzer makes up besides: few in `make test`, many with FUZZ_EXAMPLES=100000.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
LARGEST = 2048

fuzzing = settings(max_examples=EXAMPLES)


def is_reason(error: BrokenFileError) -> bool:
    """Whether a person is told what is wrong and what to do."""
    problem = error.problem
    return problem.code.isidentifier() and bool(problem.message and problem.action)


def kept(target: str) -> list[Path]:
    return sorted((FOLDER / target).iterdir())
