"""Records that are nearly the same are found across the site; who may see which text; what a withdrawal leaves."""

import json
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from collective.accounts.models import User
from collective.catalog.errors import ContributionNotFoundError, NotStewardError
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import decide_contribution
from collective.core.models import AuditEvent, Job
from ingestion.domain.similarity import BANDS
from ingestion.invariants import withdrawn_records_are_not_compared
from ingestion.models import ComparedObject, MinHashBand, PreparedObject, SimilarRecords
from ingestion.selectors import latest_report, prepared_objects, records_left_out, similar_pairs, similar_summary
from ingestion.services import compare_contribution, comparing, decide_similar, pairing
from ingestion.services.bands import MOST_PER_KEY
from ingestion.services.pairing import KEPT
from licensing.services import withdraw_contribution
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import steward_of, submitted, violations
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]

MARKET = (
    "On market days the road fills before sunrise. Women from the lower villages bring millet and dried fish, and the "
    "first buses wait with their engines running until every seat is taken and the roof is loaded."
)
EDITED = MARKET.replace("before sunrise", "before dawn").replace("every seat", "each seat")
SCRIPTS = {
    "th": (
        "ในวันตลาดนัดถนนจะเต็มไปด้วยผู้คนก่อนพระอาทิตย์ขึ้น ผู้หญิงจากหมู่บ้านด้านล่างนำข้าวฟ่างและปลาแห้งมาขาย"
        "และรถโดยสารคันแรกก็รอจนกว่าที่นั่งทุกที่จะเต็ม"
    ),
    "zh": (
        "赶集的日子，天还没亮路上就挤满了人。下游村庄的妇女带来小米和鱼干，第一班公共汽车发动着引擎等候，"
        "直到每个座位都坐满，车顶也装满了货物，司机才慢慢地开出村子，沿着河边的土路向山外的县城驶去。"
    ),
    "am": (
        "በገበያ ቀን መንገዱ ፀሐይ ከመውጣቷ በፊት በሰዎች ይሞላል። ከታችኛው መንደር የመጡ ሴቶች ማሽላና የደረቀ ዓሣ ያመጣሉ፤ "
        "የመጀመሪያው አውቶቡስ ወንበሩ ሁሉ እስኪሞላ ድረስ ይጠብቃል።"
    ),
}


def lines(*texts: str) -> bytes:
    return "".join(
        json.dumps({"id": n, "text": text}, ensure_ascii=False) + "\n" for n, text in enumerate(texts)
    ).encode()


def unrelated(count: int, seed: int = 1) -> list[str]:
    random = Random(seed)
    words = ["".join(random.choices("abcdefghijklmnoprstuvwz", k=random.randint(3, 9))) for _ in range(2000)]
    return [" ".join(random.choices(words, k=60)) for _ in range(count)]


def given(*texts: str, dataset: Dataset | None = None, **fields: object) -> Contribution:
    """A checked contribution with these texts."""
    made: Contribution = ContributionFactory.create(dataset=dataset or DatasetFactory.create(), **fields)
    assert submitted(made, ("texts.jsonl", lines(*texts))).state == "passed"
    return made


def found(contribution: Contribution) -> list[tuple[int, int]]:
    """Rows of pairs, earlier and later."""
    return sorted(similar_pairs(contribution).values_list("earlier_row", "later_row"))


def compare_again(contribution: Contribution) -> None:
    """Begin again with what is not compared, in a run that never was."""
    compare_contribution(contribution_id=contribution.pk, run=f"again {Job.objects.count()}")
    run_all_jobs()


def page_of(user: User, contribution: Contribution) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("ingestion:similar", args=[contribution.pk])).content.decode()


def stored() -> tuple[int, int, int]:
    return MinHashBand.objects.count(), SimilarRecords.objects.count(), ComparedObject.objects.count()


def test_an_edited_paragraph_is_found_in_another_dataset() -> None:
    earlier = given(*unrelated(3), MARKET)
    later = given("short", EDITED, *unrelated(3, seed=2))
    assert found(later) == [(3, 1)]
    pair = SimilarRecords.objects.get()
    assert (pair.earlier, pair.later) == (earlier, later)
    assert 800 <= pair.per_mille < 1000
    assert (pair.decision, pair.decided_by, pair.decided_at) == ("", None, None)
    assert similar_summary(later).records == 1
    assert similar_summary(earlier).records == 0
    assert violations() == []


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_every_script_is_compared(script: str) -> None:
    text = SCRIPTS[script]
    later = given(*unrelated(2, seed=2), text[:-3] + text[:2], dataset=given(text, *unrelated(2)).dataset)
    assert found(later) == [(0, 2)]


def test_unrelated_texts_and_short_ones_are_left_alone() -> None:
    given(*unrelated(200), "The same short text.")
    later = given(*unrelated(200, seed=2), "The same short text.")
    assert stored()[0] > 0
    assert SimilarRecords.objects.count() == 0
    assert similar_summary(later).is_compared


def test_inside_one_contribution_the_first_record_is_the_earlier() -> None:
    contribution = given(EDITED, *unrelated(2), MARKET, MARKET)
    assert found(contribution) == [(0, 3), (0, 4), (3, 4)]
    assert similar_summary(contribution).records == 2


def test_a_text_that_repeats_everywhere_fills_neither_the_index_nor_the_list() -> None:
    contribution = given(*[MARKET] * 100)
    assert MinHashBand.objects.count() == BANDS * MOST_PER_KEY
    assert SimilarRecords.objects.count() <= KEPT * 99
    assert similar_summary(contribution).records == 99
    later = given(MARKET)
    assert found(later) == [(0, 0), (1, 0), (2, 0)]


def test_after_many_pairs_the_rest_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "MOST_PAIRS", 2)
    monkeypatch.setattr(pairing, "GROUP_ROWS", 1)
    contribution = given(*[MARKET] * 6)
    summary, before = similar_summary(contribution), stored()
    assert (summary.records, summary.beyond) == (2, 3)
    ComparedObject.objects.all().delete()  # as if the worker had been killed at the very end
    compare_again(contribution)
    assert (similar_summary(contribution), stored()) == (summary, before)


def test_after_many_candidates_the_rest_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_CANDIDATES", 2)
    summary = similar_summary(given(*[MARKET] * 6))
    assert (summary.records, summary.beyond) == (2, 3)


def test_objects_that_are_done_are_not_compared_again() -> None:
    contribution = ContributionFactory.create()
    submitted(contribution, ("a.jsonl", lines(MARKET)), ("b.jsonl", lines(EDITED)))
    first, second = prepared_objects(contribution)
    assert found(contribution) == [(0, 0)]
    done_at = ComparedObject.objects.get(prepared=first).done_at
    ComparedObject.objects.filter(prepared=second).delete()  # as if the worker had been killed after the first
    SimilarRecords.objects.all().delete()
    assert not similar_summary(contribution).is_compared
    compare_again(contribution)
    assert ComparedObject.objects.get(prepared=first).done_at == done_at
    pair = SimilarRecords.objects.get()
    assert (pair.earlier_prepared, pair.later_prepared) == (first, second)


def test_a_repeated_run_adds_nothing() -> None:
    given(MARKET)
    later = given(EDITED, *unrelated(5))
    before = stored()
    compare_again(later)
    ComparedObject.objects.filter(prepared__contribution=later).delete()
    compare_again(later)
    assert stored() == before


def test_who_is_compared_last_finds_a_pair_in_which_it_is_the_earlier() -> None:
    earlier, later = given(MARKET), given(EDITED)
    prepared = PreparedObject.objects.get(contribution=earlier)
    SimilarRecords.objects.all().delete()
    ComparedObject.objects.filter(prepared=prepared).delete()
    compare_again(earlier)
    assert found(later) == [(0, 0)]
    assert found(earlier) == []


def test_a_withdrawal_takes_keys_and_pairs_away() -> None:
    earlier, later = given(MARKET, *unrelated(3)), given(EDITED)
    withdraw_contribution(actor=earlier.contributor, contribution_id=earlier.pk)
    assert similar_summary(later).records == 0  # at once, before any job
    run_all_jobs()
    assert SimilarRecords.objects.count() == 0
    assert set(MinHashBand.objects.values_list("prepared__contribution", flat=True)) == {later.pk}
    compare_again(earlier)
    assert not ComparedObject.objects.filter(prepared__contribution=earlier).exists()
    assert violations() == []


def test_the_auditor_sees_records_that_are_still_compared() -> None:
    earlier, later = given(MARKET), given(EDITED)
    long_ago = earlier.created_at.replace(year=2020)
    Contribution.objects.filter(pk=earlier.pk).update(state="withdrawn", withdrawn_at=long_ago)
    assert list(withdrawn_records_are_not_compared()) == [
        f"records of contribution {earlier.pk} are still compared with others"
    ]
    assert found(later) == []


def test_what_was_rejected_is_no_reason_to_leave_anything_out() -> None:
    earlier = given(MARKET)
    steward = steward_of(earlier.dataset)
    decide_contribution(actor=steward, contribution_id=earlier.pk, accept=False, reason="Not ours.")
    assert found(given(EDITED)) == []


def test_a_steward_sees_both_texts_of_their_own_dataset() -> None:
    earlier = given(MARKET)
    later = given(EDITED, dataset=earlier.dataset)
    steward = steward_of(later.dataset)
    client = Client()
    client.force_login(steward)
    workspace = client.get(reverse("ingestion:workspace", args=[later.pk])).content.decode()
    assert reverse("ingestion:similar", args=[later.pk]) in workspace
    page = page_of(steward, later)
    assert "<mark>sunrise.</mark>" in page
    assert "<mark>dawn.</mark>" in page
    assert "another dataset" not in page


def test_of_somebody_elses_dataset_only_the_fact_is_told() -> None:
    owner = UserFactory.create(name="Secretive Person")
    hidden = DatasetFactory.create(title="Hidden dataset", visibility="private")
    earlier = given(MARKET, dataset=hidden, title="Hidden title", contributor=owner)
    later = given(EDITED)
    page = page_of(steward_of(later.dataset), later)
    assert "a record of another dataset on this site" in page
    assert "before dawn" in page
    names = (hidden.title, hidden.slug, earlier.title, owner.name, hidden.organization.name, str(earlier.pk))
    record_id = SimilarRecords.objects.get().earlier_record_id
    for never in ("sunrise", record_id, *names):
        assert never not in page


def test_a_steward_of_both_datasets_sees_both() -> None:
    steward = UserFactory.create()
    given(MARKET, dataset=DatasetFactory.create(steward=steward))
    later = given(EDITED, dataset=DatasetFactory.create(steward=steward))
    assert "<mark>sunrise.</mark>" in page_of(steward, later)


def test_the_contributor_sees_the_count_and_no_pair() -> None:
    earlier = given(MARKET)
    later = given(EDITED, dataset=earlier.dataset)
    client = Client()
    client.force_login(later.contributor)
    assert client.get(reverse("ingestion:similar", args=[later.pk])).status_code == 403
    told = client.get(reverse("ingestion-api:similar", args=[later.pk])).json()
    assert told == {"is_compared": True, "records": 1, "beyond": 0, "undecided": 1, "pairs": []}
    for name in ("ingestion:workspace", "ingestion:report"):
        page = client.get(reverse(name, args=[later.pk])).content.decode()
        assert "1 record reads almost like one that was here before." in page
        assert "Look at the pairs" not in page
        assert "sunrise" not in page.split('id="similar-heading"')[1].split("</section>")[0]


def test_the_api_tells_a_steward_which_records() -> None:
    earlier = given(MARKET)
    same = given(EDITED, dataset=earlier.dataset)
    pair = SimilarRecords.objects.get()
    client = Client()
    client.force_login(steward_of(same.dataset))
    told = client.get(reverse("ingestion-api:similar", args=[same.pk])).json()["pairs"]
    expected = {"record_id": pair.later_record_id, "earlier_record_id": pair.earlier_record_id, "decision": ""}
    assert told == [{**expected, "per_mille": pair.per_mille}]
    other = given(EDITED)
    client.force_login(steward_of(other.dataset))
    told = client.get(reverse("ingestion-api:similar", args=[other.pk])).json()["pairs"]
    assert [each["earlier_record_id"] for each in told] == [None, None]


def test_the_stewards_decision_is_kept_and_audited() -> None:
    given(MARKET)
    later = given(*unrelated(2), EDITED)
    pair = SimilarRecords.objects.get()
    steward = steward_of(later.dataset)
    until_then = {later.pk: {pair.later_prepared.sha256: [2]}}
    assert records_left_out(later.dataset_id) == until_then
    assert decide_similar(actor=steward, contribution_id=later.pk, pair_ids=[pair.pk], keep=False) == 1
    assert records_left_out(later.dataset_id) == until_then
    event = AuditEvent.objects.get(action="ingestion.similar_decided")
    assert (event.actor_id, event.data) == (steward.pk, {"decision": "left_out", "pairs": 1})
    client = Client()
    client.force_login(steward)
    answer = client.post(
        reverse("ingestion:similar", args=[later.pk]), {"pairs": [pair.pk], "decision": "both"}, follow=True
    )
    assert answer.status_code == 200
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by, records_left_out(later.dataset_id)) == ("both", steward, {})


def test_nobody_else_decides() -> None:
    earlier, later = given(MARKET), given(EDITED)
    pair = SimilarRecords.objects.get()
    with pytest.raises(NotStewardError):
        decide_similar(actor=later.contributor, contribution_id=later.pk, pair_ids=[pair.pk], keep=False)
    with pytest.raises(ContributionNotFoundError):
        decide_similar(actor=steward_of(earlier.dataset), contribution_id=later.pk, pair_ids=[pair.pk], keep=False)
    foreign = given(MARKET + EDITED)
    steward = steward_of(foreign.dataset)
    assert decide_similar(actor=steward, contribution_id=foreign.pk, pair_ids=[pair.pk], keep=False) == 0
    pair.refresh_from_db()
    assert pair.decision == ""


def test_exact_repeats_are_findings_of_the_check() -> None:
    rows = ['{"text": "one"}', '{"text": "two"}', '{"text": "one"}', '{"text": "three"}', '{"text": "one"}']
    data = "\n".join(rows).encode()
    dataset, elsewhere = DatasetFactory.create(), DatasetFactory.create()
    given_before = ContributionFactory.create(dataset=dataset)
    submitted(given_before, ("a.jsonl", b'{"text": "two"}\n'))
    submitted(ContributionFactory.create(dataset=elsewhere), ("b.jsonl", b'{"text": "three"}\n'))
    made = ContributionFactory.create(dataset=dataset)
    submitted(made, ("first.jsonl", b'{"text": "zero"}\n'), ("second.jsonl", data))
    report = latest_report(made)
    assert report is not None
    told = {each["code"]: each for each in report.findings if each["check"] == "duplicates"}
    inside = {"check": "duplicates", "code": "same_in_contribution", "severity": "warning", "column": ""}
    assert told == {
        "same_in_contribution": {**inside, "count": 2, "rows": [4, 6]},
        "same_in_dataset": {**inside, "code": "same_in_dataset", "count": 1, "rows": [3]},
    }
