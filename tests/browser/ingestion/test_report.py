"""Reports of good, broken, right-to-left and spoken contributions, in both themes and widths; and one that is being
written."""

import json
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collective.catalog.models import Contribution
from ingestion.models import ValidationReport
from tests.browser.test_look import check_look, sign_in
from tests.factories import ContributionFactory
from tests.integration.ingestion.flow import File, submitted
from tests.integration.ingestion.test_report_page import running
from tests.unit.ingestion.makers import wav, zipped

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEIGHT = "document.querySelector('#check').offsetHeight"
LONG_NAME = "conversations_at_the_market_of_ibadan_recorded_in_the_spring_of_2026_with_permission_part_one.jsonl"


def lines(rows: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def long() -> list[File]:
    """Many columns and kinds of values, empties, addresses, a long file name."""
    chance = random.Random(7)
    words = ["the", "market", "opens", "early", "and", "everybody", "brings", "what", "they", "have", "to", "sell"]
    rows: list[dict[str, object]] = [
        {
            "text": " ".join(chance.choices(words, k=chance.randint(3, 40))) if n % 9 else "",
            "speaker": f"speaker_{chance.randint(1, 12)}",
            "age": chance.randint(18, 80) if n % 5 else None,
            "score": round(chance.gauss(0.6, 0.15), 4),
            "checked": n % 3 == 0,
            "said_on": f"2026-{chance.randint(1, 9):02}-{chance.randint(1, 28):02}",
            "contact": f"person{n}@market.ng" if n % 40 == 0 else "asked in person",
            "a_very_long_column_name_that_somebody_made_by_joining_all_levels_of_an_object": n,
        }
        for n in range(400)
    ]
    return [(LONG_NAME, lines(rows)), ("more.jsonl", lines(rows[:50]))]


def broken() -> list[File]:
    good = b"text,n\nhello,1\n"
    return [
        ("rows.csv", good + b"write to me,ada@lovelace.io,2\n" + b"only one\n" * 12),
        ("notes.jsonl", b'{"text": "one"}\n{broken ' + b"and long " * 40 + b"\n"),
    ]


def arabic() -> list[File]:
    said = ["صباح الخير، كيف نمت البارحة؟", "السوق يفتح باكرا كل يوم", "هل تريد قهوة أم شايا يا صديقي؟"]
    return [("أصوات السوق.jsonl", lines([{"نص": said[n % 3], "المتحدث": f"متحدث {n % 4}"} for n in range(60)]))]


def spoken() -> list[File]:
    clips = {f"clips/{n}.wav": wav(seconds=0.4 + n % 7 / 3, pitch=200.0 + n) for n in range(30)}
    clips["clips/30.wav"] = wav(seconds=0.05)
    table = "file_name,speaker\n" + "".join(f"{name},s{n % 4}\n" for n, name in enumerate(clips))
    return [("clips.zip", zipped({"metadata.csv": table.encode(), **clips}))]


KINDS: dict[str, Callable[[], list[File]]] = {"long": long, "broken": broken, "arabic": arabic, "spoken": spoken}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_reads_well_everywhere(themed: Page, live_site: str, kind: str) -> None:
    contribution: Contribution = ContributionFactory(title="سوق" if kind == "arabic" else f"A {kind} one")
    submitted(contribution, *KINDS[kind]())
    sign_in(themed, contribution.contributor, live_site)
    for address in (f"/contributions/{contribution.pk}/report/", f"/contributions/{contribution.pk}/"):
        check_look(themed, address)


def test_it_grows_while_it_runs_and_is_drawn_when_it_ends(themed: Page, live_site: str) -> None:
    contribution: Contribution = ContributionFactory()
    report = running(contribution, started_at=None, rows_done=10, bytes_done=100)
    sign_in(themed, contribution.contributor, live_site)
    check_look(themed, f"/contributions/{contribution.pk}/report/")
    expect(themed.locator("#check-now")).to_contain_text("10 records · 100 bytes of 1.0 kB")
    expect(themed.get_by_role("status")).to_have_text("Reading and checking: 10 percent")
    height = themed.evaluate(HEIGHT)

    ValidationReport.objects.filter(pk=report.pk).update(rows_done=80, bytes_done=800)
    expect(themed.locator("#check-now")).to_contain_text("80 records · 800 bytes of 1.0 kB")
    expect(themed.get_by_role("status")).to_have_text("Reading and checking: 80 percent")
    assert themed.evaluate(HEIGHT) == height

    ValidationReport.objects.filter(pk=report.pk).update(state="passed")
    Contribution.objects.filter(pk=contribution.pk).update(state="validated")
    expect(themed.get_by_role("heading", name="What was found")).to_be_visible()
    expect(themed.locator("#check-now")).to_have_count(0)
