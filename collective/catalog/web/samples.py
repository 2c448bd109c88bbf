"""Invented, realistic content for the style page: every component, several scripts."""

from datetime import UTC, datetime
from typing import Any

from collective.catalog.web.cards import DatasetCard
from collective.core.domain.money import Money
from collective.core.web.preview import preview_table

COLUMNS = [
    {"name": "text", "dtype": "string"},
    {"name": "language", "dtype": "string"},
    {"name": "clip", "dtype": "struct", "feature": "audio"},
    {"name": "page", "dtype": "struct", "feature": "image"},
    {"name": "words", "dtype": "int64"},
    {"name": "tags", "dtype": "list<string>"},
]
LONG_SENTENCE = (
    "Every morning the market fills with voices and laughter, and the person who sells oranges calls out the price "
    "in three languages before anybody has asked."
)
LONG_TITLE = (
    "Street signs photographed by the people who read them every day, with transcriptions and the place where each "
    "sign stands"
)
SENTENCES = [
    ("Ọjà àárọ̀ máa ń kún fún ìró àti ẹ̀rín.", "yo", 9),
    ("ጠዋት ገበያው በድምፅና በሳቅ ይሞላል።", "am", 5),
    ("في الصباح يمتلئ السوق بالأصوات والضحك.", "ar", 6),
    ("सुबह बाज़ार आवाज़ों और हँसी से भर जाता है।", "hi", 9),
    ("早上，市场里充满了声音和笑声。", "zh", 6),
    (LONG_SENTENCE, "en", 25),
]


def context() -> dict[str, Any]:
    return {
        "cards": _cards(),
        "facts": _facts(),
        "license": _license(),
        "price": _price(),
        "steps": _steps(),
        "preview": preview_table(COLUMNS, _records()),
        "chart_rows": [["June 2026", 12], ["July 2026", 40], ["August 2026", 31], ["September 2026", 87]],
        "chart_series": ["Earned (EUR)"],
        "events": _events(),
        "tags": ["yo", "am", "ar", "hi", "zh", "qu"],
        "states": [(entity, state) for entity, states in STATES.items() for state in states],
        "icons": ICONS,
        "code": 'from datasets import load_dataset\n\ndata = load_dataset("market-voices/morning")',
    }


STATES = {
    "dataset": ["draft", "listed", "quarantined"],
    "contribution": ["submitted", "needs_changes", "validated", "accepted", "withdrawn"],
    "version": ["building", "published", "failed"],
}
ICONS = [
    "mark",
    "text",
    "audio",
    "image",
    "tabular",
    "may",
    "must",
    "may-not",
    "search",
    "file",
    "people",
    "coin",
    "license",
]


def _cards() -> list[DatasetCard]:
    rows = [
        (
            "Morning market: voices from six cities",
            "audio",
            ["yo", "ha", "ig", "en"],
            "about 3 hours, 3,000 clips, 48 MB",
        ),
        ("أصوات السوق: جمل يومية بالعربية", "text", ["ar"], "12,400 records, 3.1 MB"),
        ("የጠዋት ገበያ ዓረፍተ ነገሮች", "text", ["am", "ti", "om"], "8,210 records, 2.2 MB"),
        (LONG_TITLE, "image", ["hi", "zh", "ar", "am", "yo", "en"], "940 pictures, 410 MB"),
        ("Rainfall and harvest, noted by hand", "tabular", [], "52,000 rows, 6 MB"),
    ]
    return [
        DatasetCard(
            title=title,
            url="#cards",
            organization="Market Voices Cooperative",
            summary="Short sentences as people say them, recorded with consent in the place where they were said.",
            modality=modality,
            modality_name=modality,
            languages=languages,
            size=size,
            published_at=datetime(2026, 11, 22, tzinfo=UTC),
            extras=[],
        )
        for title, modality, languages, size in rows
    ]


def _facts() -> list[tuple[str, ...]]:
    return [
        ("Source", "Recorded for this dataset", "Nobody else holds rights in it."),
        ("Consent", "Training and evaluation of models", "Asked in Yoruba and English, version 2 of the notice."),
        ("Where", "Ìbàdàn, Kano and Enugu"),
    ]


def _license() -> dict[str, Any]:
    return {
        "name": "Commercial training license 1.0",
        "may": ["Train models and sell them", "Keep copies as long as the license runs", "Publish results"],
        "must": ["Name the dataset in your model card", "Delete records that were taken back, within 30 days"],
        "may_not": ["Pass the data on", "Try to find out who speaks"],
    }


def _price() -> dict[str, str]:
    price, fee = Money(25_000, "EUR"), Money(1_250, "EUR")
    return {"price": str(price), "fee": str(fee), "total": str(price + fee), "contributors": str(Money(22_500, "EUR"))}


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": "Upload recordings.zip", "state": "done", "detail": "48 MB in 40 seconds"},
        {"label": "Check the files", "state": "now", "value": 412, "max": 3000}
        | {"detail": "412 of 3,000 clips, 80 per second, about 30 seconds left"},
        {"label": "Decision of the steward", "state": "waiting", "detail": "Usually within two days"},
        {"label": "notes.csv", "state": "failed", "detail": "Row 17, column “age”: write a number, or leave it empty."},
    ]


def _records() -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "language": tag,
            "clip": {"label": f"clip-{tag}.flac"},
            "page": None,
            "words": words,
            "tags": ["market"],
        }
        for text, tag, words in SENTENCES
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {"title": "Version 1.1.0", "at": datetime(2026, 11, 22, tzinfo=UTC), "text": "400 new clips from Enugu."},
        {
            "title": "Version 1.0.1",
            "at": datetime(2026, 11, 9, tzinfo=UTC),
            "text": "One person took their data back.",
            "tone": "attention",
        },
        {"title": "Version 1.0.0", "at": datetime(2026, 10, 1, tzinfo=UTC), "text": "الإصدار الأول"},
    ]
