"""Languages of a sample: which texts are read, what is said, and that the model is only read from the disk."""

import subprocess
import sys

import pyarrow as pa
import pytest

from ingestion.pipeline.checks.language import MOST_TEXTS
from ingestion.pipeline.checks.language_model import language_tag
from ingestion.pipeline.sandbox import PROJECT
from tests.unit.ingestion.checks.seeing import findings_in, found_in

GERMAN = "Das Wetter ist heute schön, und wir gehen am Nachmittag spazieren."
ENGLISH = "The weather is nice today, and we are going for a walk in the afternoon."
RUSSIAN = "Сегодня хорошая погода, и мы пойдём гулять после обеда."

IN_THE_CHILD = """
import sys
from ingestion.pipeline.child import confine
confine(1)
import pyarrow as pa
from ingestion.pipeline.checks import Checks
table = pa.table({"text": ["Das Wetter ist heute schön, und wir gehen am Nachmittag spazieren.",
    "AKIA" + "IOSFODNN7EXAMPLE", "+49 30 901820", "DE89 3704 0044 0532 0130 00"]})
checks = Checks(table.schema)
checks.see(table.to_batches()[0], 1)
codes = {each.code for each in checks.findings()}
print(sorted(codes & {'aws_key', 'de', 'iban', 'phone'}), "robust_downloader" in sys.modules)
"""


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        (RUSSIAN, "ru"),
        ("今天天气很好，我们下午去散步，然后回家吃饭。", "zh"),
        ("نذهب اليوم في نزهة بعد الظهر لأن الطقس جميل", "ar"),
        ("D Schwyz isch es schöns Land mit vilne Bärg u Seeä, wo d Lüt Dialäkt rede", "gsw"),
        ("3f2a9b8c7d6e5f4a3b2c1d0e", "language_unknown"),
        ("\n\n\x00\n\t \r\n", "language_unknown"),
    ],
)
def test_tags(text: str, tag: str) -> None:
    assert language_tag(text) == tag


def test_counts_are_of_texts_long_enough_to_tell() -> None:
    assert found_in([GERMAN, "kurz", ENGLISH, None, GERMAN, "это коротко"], "language") == {"de": (1, 5), "en": (3,)}


def test_the_sample_is_spread_evenly_and_does_not_depend_on_batches() -> None:
    table = pa.table({"text": [GERMAN, ENGLISH, "short"] * 700})
    once = findings_in(table)
    total = sum(each.count for each in once if each.check == "language")
    assert MOST_TEXTS / 3 < total <= MOST_TEXTS
    assert once == findings_in(table, [1, 7, 999, 13, 500])
    rows = [each.rows for each in once if each.code == "de"]
    assert rows == [tuple(row for row in range(1, 2101, 8) if row % 3 == 1)[:20]]


def test_in_the_limits_of_the_child_with_nothing_in_its_environment() -> None:
    child = subprocess.run(
        [sys.executable, "-P", "-B", "-c", IN_THE_CHILD],
        env={
            "PYTHONPATH": str(PROJECT),
            "LANG": "C.UTF-8",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "MALLOC_ARENA_MAX": "2",
        },
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stdout == "['aws_key', 'de', 'iban', 'phone'] False\n", child.stderr
