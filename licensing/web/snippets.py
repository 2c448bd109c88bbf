"""Code to copy: how a licensed dataset gets into a program."""

from django.conf import settings
from django.utils.translation import gettext as _

from collective.catalog.models import Dataset


def use_snippets(dataset: Dataset) -> list[tuple[str, str]]:
    """(what it does, code). The key is the reader's own; it is never printed here."""
    site, repo = settings.SITE_URL, dataset.repo_id
    shell = f"export HF_ENDPOINT={site}\nexport HF_TOKEN=dck_live_…   # {_('your key')}"
    load = f'from datasets import load_dataset\n\ndata = load_dataset("{repo}", streaming=True)'
    download = f"hf download {repo} --repo-type dataset --local-dir {dataset.slug}"
    manifest = f'curl --header "Authorization: Bearer $HF_TOKEN" \\\n  {site}/api/v1/datasets/{repo}/manifest'
    return [
        (_("Once, in your shell"), shell),
        (_("In Python, streamed into training"), load),
        (_("As files in a folder"), download),
        (_("Any other program: files with signed addresses"), manifest),
    ]


def verify_snippet(dataset: Dataset, text_sha256: str) -> str:
    """Saving what is needed while online, and proving the license later without us."""
    site = settings.SITE_URL
    return (
        f"curl -o jwks.json {site}/.well-known/jwks.json\n"
        f"curl -o license.txt {site}/api/v1/licenses/sha256/{text_sha256}/text\n"
        f"collective verify grant.jws --jwks jwks.json --license license.txt --dir {dataset.slug}"
    )
