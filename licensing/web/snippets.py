"""Code to copy: how a license is proven. How data is loaded, `collective/interop/web` says."""

from django.conf import settings

from collective.catalog.models import Dataset


def verify_snippet(dataset: Dataset, text_sha256: str) -> str:
    """Saving what is needed while online, and proving the license later without us."""
    site = settings.SITE_URL
    return (
        f"curl -o jwks.json {site}/.well-known/jwks.json\n"
        f"curl -o license.txt {site}/api/v1/licenses/sha256/{text_sha256}/text\n"
        f"collective verify grant.jws --jwks jwks.json --license license.txt --dir {dataset.slug}"
    )
