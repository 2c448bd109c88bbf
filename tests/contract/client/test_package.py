"""What somebody installs: a wheel, built without a network, with the command in it and nothing of the site."""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.services.instance import ROOT

CLIENT = ROOT / "client"
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run([str(UV), "build", "--offline", "--wheel", "--out-dir", str(folder), str(CLIENT)])
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(archive.read(name).decode())
    assert (told["Name"], told["License-Expression"]) == ("data-collective-client", "MPL-2.0")
    needs = told.get_all("Requires-Dist", [])
    needed, extra = (
        {line.partition("<")[0].partition(">")[0].strip() for line in needs if ("extra ==" in line) is wanted}
        for wanted in (False, True)
    )
    assert (needed, extra) == ({"httpx2", "tqdm"}, {"pyarrow", "cryptography", "rfc8785"})


def test_uploading_needs_no_extra() -> None:
    program = (
        "import sys, data_collective.cli; print(sorted({'pyarrow', 'cryptography', 'rfc8785'} & set(sys.modules)))"
    )
    assert _run([sys.executable, "-c", program], PYTHONPATH=str(CLIENT / "src")) == "[]\n"


def test_the_command_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """The folder is empty but for the wheel's files; its two libraries come from this environment."""
    target = tmp_path / "installed"
    install = ["pip", "install", "--offline", "--no-deps", "--quiet", "--target", str(target), str(wheel)]
    _run([str(UV), *install, "--python", sys.executable])
    told = _run([str(target / "bin" / "collective"), "--version"], PYTHONPATH=str(target), cwd=str(tmp_path))
    assert told == "0.1.0\n"


def test_it_imports_nothing_of_the_site() -> None:
    program = (
        "import sys, data_collective.cli;"
        "print(sorted({'collective', 'ingestion', 'django'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    assert _run([sys.executable, "-c", program], PYTHONPATH=str(CLIENT / "src")) == "[]\n"


def _run(command: list[str], *, cwd: str | None = None, **environment: str) -> str:
    done = subprocess.run(
        command, env={**os.environ, **environment}, cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
