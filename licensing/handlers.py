"""What licensing does when others have done something."""

from collective.catalog.events import VersionPublished
from collective.core.events import handles
from licensing.services import repin_grants


@handles(VersionPublished)
def repin(event: VersionPublished) -> None:
    """Offers need nothing: each sale asks again whether that version may be sold."""
    repin_grants(version_id=event.version_id)
