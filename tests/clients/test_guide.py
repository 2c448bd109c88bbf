"""What docs/guides/training.md says to type is copied from there and run, with another dataset's name."""

import re
import subprocess
from dataclasses import replace

import pytest

from tests.clients.place import Place
from tests.clients.seed import TONES
from tests.contract.hub.clients import Client
from tests.services.instance import ROOT

GUIDE = (ROOT / "docs/guides/training.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## (?P<name>.+)\n(?P<inside>(?:(?!^## ).*\n)+)", re.MULTILINE)
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FAMILIES = {
    "datasets": "hub-2",
    "pandas": "hub-2",
    "polars": "hub-2",
    "DuckDB": "plain",
    "WebDataset": "plain",
    "Any other program: the manifest": "plain",
}
HTTPFS = 'import duckdb_extensions\nduckdb_extensions.import_extension("httpfs")\n'


def code(place: Place, section: str) -> dict[str, str]:
    """By its language. The dataset is the one with recordings, which is laid out as the guide's."""
    inside = next(each["inside"] for each in SECTION.finditer(GUIDE) if each["name"] == section)
    renamed = inside.replace("common-ground/everyday-sentences", place.audio)
    renamed = renamed.replace("common-ground.everyday-sentences", place.audio.replace("/", "."))
    return dict(BLOCK.findall(renamed))


@pytest.mark.parametrize("section", FAMILIES)
def test_python_from_the_guide_runs(place: Place, section: str) -> None:
    prepared = HTTPFS if section == "DuckDB" else ""
    script = f"{prepared}{code(place, section)['python']}\ntell(len(rows))"
    assert place.client(FAMILIES[section], place.key).python(script) == TONES


def test_a_version_is_downloaded_and_described(place: Place) -> None:
    """The section of mlcroissant goes on from the shell's line in the section before."""
    client = place.client("hub-2", place.key)
    lines = code(place, "huggingface_hub")
    names = client.python(f"{lines['python']}\nimport os\ntell(os.listdir(folder))")
    assert {"README.md", "croissant.json", "manifest.json", "default"} <= set(names)
    shell(client, lines["sh"])
    described = code(place, "mlcroissant")["python"]
    script = f"import os\nos.chdir({str(client.home)!r})\n{described}\ntell(len(rows))"
    assert place.client("plain").python(script) == TONES


def test_curl_from_the_guide_runs(place: Place) -> None:
    client = place.client("plain", place.key)
    shell(client, code(place, "curl")["sh"])
    [shard] = client.home.glob("*.parquet")
    assert shard.read_bytes()[-4:] == b"PAR1"


def test_delta_sharing_from_the_guide_runs(place: Place) -> None:
    client, lines = place.client("delta", place.key), code(place, "Delta Sharing")
    shell(client, lines["sh"])
    script = f"import os\nos.chdir({str(client.home)!r})\n{lines['python']}\ntell([len(frame), len(earlier)])"
    assert client.python(script) == [TONES, TONES]


def test_datacollective_from_the_guide_runs(place: Place) -> None:
    client, lines = place.client("mdc", place.key), code(place, "datacollective")
    own = replace(client, env={"MDC_API_URL": f"{place.site}/mdc/api", "MDC_API_KEY": place.key})
    script = f"{lines['python']}\nimport tarfile\ntell(tarfile.open(archive).getnames())"
    recordings = [each for each in own.python(script) if each.endswith(".wav")]
    assert len(recordings) == TONES


def shell(client: Client, line: str) -> None:
    with_programs = {**client.environment(), "PATH": f"{client.interpreter.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-ec", line], cwd=client.home, env=with_programs, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
