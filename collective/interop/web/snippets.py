"""Code to copy, one piece per client: pure functions of what a version is called and holds.

A key is never in it. Every piece names the version, so that a job reads the same data next year; Mozilla Data
Collective's package knows only the newest one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Loadable:
    """One version as clients name it. `path` is one of its data files; `config` is empty when there is only one.

    `number` is what Delta Sharing calls the version, and `table` the config and split of `path`.
    """

    site: str
    repo: str
    tag: str
    path: str
    config: str = ""
    split: str = "train"
    number: int = 0
    table: str = ""

    @property
    def folder(self) -> str:
        """For `hf download`: the dataset's name alone."""
        return self.repo.rpartition("/")[2]

    @property
    def hf_path(self) -> str:
        return f"datasets/{self.repo}@{self.tag}/{self.path}"

    @property
    def address(self) -> str:
        return f"{self.site}/datasets/{self.repo}/resolve/{self.tag}/{quote(self.path)}"


@dataclass(frozen=True)
class Client:
    """`lines` per step: what it does, code."""

    name: str
    steps: tuple[tuple[object, Callable[[Loadable], str]], ...]


def environment(what: Loadable) -> str:
    # Read without an echo, so that the key stays out of the shell's history.
    return f"export HF_ENDPOINT={what.site}\nread -rs HF_TOKEN && export HF_TOKEN"


def _datasets(what: Loadable) -> str:
    config = f', "{what.config}"' if what.config else ""
    return (
        "from datasets import load_dataset\n\n"
        f'data = load_dataset("{what.repo}"{config}, split="{what.split}", revision="{what.tag}", streaming=True)'
    )


def _hf_download(what: Loadable) -> str:
    return f"hf download {what.repo} --repo-type dataset --revision {what.tag} --local-dir {what.folder}"


def _pandas(what: Loadable) -> str:
    return f'import pandas\n\ntable = pandas.read_parquet("hf://{what.hf_path}")'


def _polars(what: Loadable) -> str:
    return (
        "import polars\nfrom huggingface_hub import HfFileSystem\n\n"
        f'with HfFileSystem().open("{what.hf_path}") as file:\n    table = polars.read_parquet(file)'
    )


def _duckdb(what: Loadable) -> str:
    secret = f"CREATE SECRET (TYPE http, BEARER_TOKEN '{{os.environ['HF_TOKEN']}}', SCOPE '{_origin(what.site)}')"
    return (
        f'import os\nimport duckdb\n\nduckdb.sql(f"{secret}")\ntable = duckdb.read_parquet("{what.address}").limit(10)'
    )


def _webdataset(what: Loadable) -> str:
    host = what.address.partition("://")
    return (
        "import os\nimport webdataset\n\n"
        f"address = f\"{host[0]}://token:{{os.environ['HF_TOKEN']}}@{host[2]}\"\n"
        "content = webdataset.gopen(address).read()"
    )


def _mlcroissant(what: Loadable) -> str:
    return f'import mlcroissant\n\ndata = mlcroissant.Dataset(jsonld="{what.folder}/croissant.json")'


def _mdc(what: Loadable) -> str:
    return (
        f'import os\n\nos.environ["MDC_API_URL"] = "{what.site}/mdc/api"\n'
        'os.environ["MDC_API_KEY"] = os.environ["HF_TOKEN"]\n\nimport datacollective\n\n'
        f'path = datacollective.download_dataset("{what.repo}", extract=True)'
    )


def _delta_profile(what: Loadable) -> str:
    return f'curl --header "Authorization: Bearer $HF_TOKEN" \\\n  --output config.share {what.site}/delta/profile'


def _delta_table(what: Loadable) -> str:
    name = f"config.share#{what.repo.replace('/', '.')}.{what.table}"
    return f'import delta_sharing\n\ntable = delta_sharing.load_as_pandas("{name}", version={what.number})'


def _curl(what: Loadable) -> str:
    return f'curl -fL -C - -O --user "token:$HF_TOKEN" \\\n  {what.address}'


def _manifest(what: Loadable) -> str:
    address = f"{what.site}/api/v1/datasets/{what.repo}/manifest?revision={what.tag}"
    return f'curl --header "Authorization: Bearer $HF_TOKEN" \\\n  "{address}"'


def _origin(site: str) -> str:
    parts = urlsplit(site)
    return f"{parts.scheme}://{parts.netloc}"


CLIENTS = (
    Client(
        "datasets, huggingface_hub",
        ((_("In Python, streamed into training"), _datasets), (_("As files in a folder"), _hf_download)),
    ),
    Client("pandas", ((_("One file; only what is needed is fetched"), _pandas),)),
    Client("polars", ((_("One file; only what is needed is fetched"), _polars),)),
    Client("DuckDB", ((_("With the extension httpfs; only what is needed is fetched"), _duckdb),)),
    Client(
        "delta-sharing",
        (
            (_("Your profile, made of your key; keep it as secret"), _delta_profile),
            (_("One config and split in pandas"), _delta_table),
        ),
    ),
    Client("WebDataset", ((_("The bytes of one file"), _webdataset),)),
    Client("mlcroissant", ((_("After “As files in a folder”, above"), _mlcroissant),)),
    Client("datacollective", ((_("The newest version as one archive"), _mdc),)),
    Client(
        "curl",
        (
            (_("One file; run it again after an interruption, and it goes on"), _curl),
            (_("All files with hashes and signed addresses, for any other program"), _manifest),
        ),
    ),
)
