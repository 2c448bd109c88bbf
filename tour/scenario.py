"""What the tour carries in: who contributes which file, under which license it came, and how it is sold."""

import csv
import io
import json
import tarfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Writer = Callable[[list[dict[str, str]]], tuple[str, bytes]]
SENTENCES = Path(__file__).parent.parent / "collective/sample/data/sentences"


@dataclass(frozen=True)
class Bundle:
    """One contributor's file, in memory: the tour's data is small."""

    contributor: str
    file_name: str
    content: bytes
    records: int


@dataclass(frozen=True)
class Scenario:
    title: str
    modality: str
    task: str
    languages: list[str]
    bundles: list[Bundle]
    source: str
    material_license: str
    sold_under: str
    refused_under: str
    price_minor: int
    trainer: str
    minimum_accuracy: float


def text_scenario() -> Scenario:
    """The project's own sentences: four contributors, eleven languages, three file formats."""
    people = {
        "Contributor from Mombasa": (["sw", "en"], _jsonl),
        "Contributor from Lima": (["es", "pt", "fr"], _csv),
        "Contributor from Cairo": (["ar", "hi"], _jsonl),
        "Contributor from Izmir": (["tr", "id", "de", "zh-Hans"], _tsv),
    }
    bundles = [sentences(person, *languages, write=write) for person, (languages, write) in people.items()]
    return Scenario(
        title="Everyday sentences",
        modality="text",
        task="text-classification",
        languages=sorted(path.stem for path in SENTENCES.glob("*.txt")),
        bundles=bundles,
        source="Written by hand for this marketplace.",
        material_license="CC-BY-4.0",
        sold_under="LicenseRef-DC-TRAIN-COMM-1.0",
        refused_under="",
        price_minor=10_000,
        trainer="tour.train_text",
        minimum_accuracy=0.8,
    )


def audio_scenario(folder: Path) -> Scenario:
    """Recordings named `{digit}_{speaker}_{take}.wav`; one contributor per speaker, one TAR with metadata each."""
    clips = defaultdict(list)
    for path in sorted((folder / "recordings").glob("*.wav")):
        clips[path.stem.split("_")[1]].append(path)
    bundles = [
        Bundle(f"Speaker {speaker}", f"{speaker}.tar", _tar(speaker, paths), len(paths))
        for speaker, paths in sorted(clips.items())
    ]
    return Scenario(
        title="Spoken digits",
        modality="audio",
        task="audio-classification",
        languages=["en"],
        bundles=bundles,
        source="Free Spoken Digit Dataset, recorded by its six speakers.",
        material_license="CC-BY-SA-4.0",
        sold_under="CC-BY-SA-4.0",
        refused_under="LicenseRef-DC-TRAIN-COMM-1.0",
        price_minor=25_003,
        trainer="tour.train_audio",
        minimum_accuracy=0.9,
    )


def sentences(contributor: str, *languages: str, write: Writer | None = None) -> Bundle:
    """The project's own sentences in these languages as one person's file: 36 of each."""
    rows = [{"text": text, "language": language} for language in languages for text in _sentences(language)]
    name, content = (write or _jsonl)(rows)
    return Bundle(contributor, name, content, len(rows))


def _sentences(language: str) -> list[str]:
    return (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def _jsonl(rows: list[dict[str, str]]) -> tuple[str, bytes]:
    return "sentences.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _csv(rows: list[dict[str, str]], delimiter: str = ",") -> tuple[str, bytes]:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["text", "language"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return "sentences.csv", out.getvalue().encode()


def _tsv(rows: list[dict[str, str]]) -> tuple[str, bytes]:
    return "sentences.tsv", _csv(rows, "\t")[1]


def _tar(speaker: str, paths: list[Path]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["file_name", "digit", "speaker", "take"])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path in paths:
            digit, _, take = path.stem.split("_")
            writer.writerow([path.name, digit, speaker, take])
            tar.add(path, arcname=path.name, filter=_anonymous)
        metadata = tarfile.TarInfo("metadata.csv")
        content = table.getvalue().encode()
        metadata.size = len(content)
        tar.addfile(metadata, io.BytesIO(content))
    return out.getvalue()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
