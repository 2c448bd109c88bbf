"""What a dataset's page says about each client is true: its code is copied from the page and run."""

import re
import subprocess
from html import unescape
from urllib.request import urlopen

import pytest

from tests.clients.place import Place

BLOCK = re.compile(r"<summary>(?P<name>.*?)</summary>(?P<inside>.*?)</details>", re.DOTALL)
CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
# The name on the page: which environment runs it.
PYTHON = {"datasets, huggingface_hub": "hub-2", "pandas": "hub-2", "polars": "hub-2", "DuckDB": "plain"}
HTTPFS = 'import duckdb_extensions\nduckdb_extensions.import_extension("httpfs")\n'


@pytest.fixture
def codes(place: Place) -> dict[str, list[str]]:
    page = urlopen(f"{place.site}/datasets/{place.dataset}/", timeout=30).read().decode()
    found = BLOCK.finditer(page)
    return {each["name"]: [unescape(code) for code in CODE.findall(each["inside"])] for each in found}


@pytest.mark.parametrize("name", [*PYTHON, "WebDataset"])
def test_python_from_the_page_runs(place: Place, codes: dict[str, list[str]], name: str) -> None:
    family = PYTHON.get(name, "plain")
    prepared = HTTPFS if name == "DuckDB" else ""
    shown = "next(iter(data))" if "datasets" in name else "content[:4]" if name == "WebDataset" else "len(table)"
    code = f"{prepared}{codes[name][0]}\ntell(str({shown}))"
    told = place.client(family, place.key).python(code)
    assert (told == "b'PAR1'") is (name == "WebDataset")
    assert "v1.1.0" in codes[name][0]


def test_commands_from_the_page_run(place: Place, codes: dict[str, list[str]]) -> None:
    """In one shell, one after the other: a folder of files, one file, a manifest; then mlcroissant reads the folder."""
    client = place.client("hub-2", place.key)
    commands = [codes["datasets, huggingface_hub"][1], *codes["curl"]]
    shell = {**client.environment(), "PATH": f"{client.interpreter.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-ec", "\n".join(commands)],
        cwd=client.home,
        env=shell,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("}"), "the manifest comes last"
    assert len(list(client.home.glob("*.parquet"))) == 1
    described = f"import os\nos.chdir({str(client.home)!r})\n{codes['mlcroissant'][0]}\ntell(data.metadata.name)"
    assert place.client("plain").python(described) == "greetings"


def test_delta_sharing_from_the_page_runs(place: Place, codes: dict[str, list[str]]) -> None:
    """The profile by curl, and with it the table."""
    client = place.client("delta", place.key)
    profile, table = codes["delta-sharing"]
    told = client.python(f"""
import os, pathlib, subprocess
os.chdir(pathlib.Path.home())
subprocess.run(["sh", "-ec", {profile!r}], check=True, capture_output=True)
{table}
tell([len(table), sorted(table.columns)])
""")
    assert told[0] > 0
    assert told[1] == ["id", "lang", "part", "record_id", "text"]
    assert "version=1)" in table
