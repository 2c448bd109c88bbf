"""What the clients find: run in the environment of an instance before it starts; prints a Seeded as JSON.

`acme/greetings`: texts in two configs with two splits each, several shards, versions 1.0.0 and 1.1.0.
`acme/digits`: short recordings. Both came in through the services that people's browsers reach.
"""

import io
import json
import math
import struct
import wave
import zipfile
from dataclasses import asdict, dataclass

import django
from django.core.management import call_command

ROWS = 400
SECOND_VERSION_ROWS = 40
BATCH = 100
LANGUAGES = ("ar", "en")
HERTZ = 8000
TONES = 12


@dataclass(frozen=True)
class Seeded:
    """Keys of a buyer with licenses for both datasets, of a stranger, and of the publisher with every scope."""

    key: str
    stranger_key: str
    steward_key: str
    contributor_key: str
    commits: list[str]


def sentence(number: int) -> dict[str, object]:
    language = LANGUAGES[number % 2]
    part = "test" if number % 10 in {8, 9} else "train"
    greeting = "مرحبا" if language == "ar" else "hello"
    return {"id": number, "text": f"{greeting} {number:04d}", "lang": language, "part": part}


def lines(first: int, count: int) -> bytes:
    rows = (json.dumps(sentence(number), ensure_ascii=False) + "\n" for number in range(first, first + count))
    return "".join(rows).encode()


def recordings(count: int = TONES) -> bytes:
    """A ZIP with one short tone per row of its metadata.csv."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        rows = ["file_name,transcription,pitch", *(f"tone-{at:02d}.wav,tone {at},{pitch(at)}" for at in range(count))]
        archive.writestr("metadata.csv", "\n".join(rows) + "\n")
        for number in range(count):
            archive.writestr(f"tone-{number:02d}.wav", tone(200 + 20 * number))
    return packed.getvalue()


def pitch(number: int) -> str:
    return "low" if number < TONES // 2 else "high"


def tone(cycles: int) -> bytes:
    """A tenth of a second."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, HERTZ, 0, "NONE", ""))
        heights = (int(9000 * math.sin(2 * math.pi * cycles * at / HERTZ)) for at in range(HERTZ // 10))
        file.writeframes(b"".join(struct.pack("<h", height) for height in heights))
    return made.getvalue()


def main() -> Seeded:
    from collective.accounts.services import create_api_key
    from collective.catalog.models import Dataset, DatasetVersion
    from ingestion.domain.splitting import ConfigRule, Layout, SplitRule
    from ingestion.services import set_layout
    from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
    from tests.integration.ingestion.flow import accepted, published_version
    from tests.integration.licensing.world import granted, offered

    steward, buyer = UserFactory.create(name="Amara"), UserFactory.create(name="Bela")
    organization = OrganizationFactory.create(slug="acme", name="Acme Speech", owner=steward)
    contributor, stranger = UserFactory.create(name="Chidi"), UserFactory.create(name="Dua")

    def opened(slug: str, **facts: object) -> Dataset:
        made: Dataset = DatasetFactory.create(
            organization=organization, steward=steward, slug=slug, open_to_contributions=True, **facts
        )
        return made

    def licensed(dataset: Dataset, version: DatasetVersion) -> None:
        granted(offered(dataset, steward), version, buyer)

    greetings = opened("greetings", title="Greetings — مرحبا", summary="Short greetings.", languages=["ar", "en"])
    for first_row in range(0, ROWS, BATCH):
        accepted(greetings, ("lines.jsonl", lines(first_row, BATCH)), title=f"Greetings from {first_row}")
    layout = Layout(split=SplitRule(kind="column", column="part"), config=ConfigRule(kind="column", column="lang"))
    set_layout(actor=steward, dataset_id=greetings.pk, layout=layout)
    first = published_version(greetings)
    licensed(greetings, first)
    accepted(greetings, ("more.jsonl", lines(ROWS, SECOND_VERSION_ROWS)), title="More greetings")
    second = published_version(greetings)
    digits = opened("digits", title="Tones", summary="Short tones.", modality="audio", languages=["en"])
    accepted(digits, ("tones.zip", recordings()))
    licensed(digits, published_version(digits))

    def key(user: object, *scopes: str) -> str:
        return create_api_key(actor=user, name="laptop", scopes=list(scopes))[1]  # type: ignore[arg-type]  # a factory's

    return Seeded(
        key=key(buyer, "datasets:read", "download"),
        stranger_key=key(stranger, "datasets:read", "download"),
        steward_key=key(steward, "datasets:read", "download", "upload"),
        contributor_key=key(contributor, "datasets:read", "download", "upload"),
        commits=[first.commit_id, second.commit_id],
    )


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(asdict(main())))
