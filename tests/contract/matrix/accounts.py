"""Routes of people and organizations. The steward owns the organization; for the others it has no members."""

from typing import Any

from allauth.account.models import EmailAddress

from collective.accounts.models import Invitation, Membership
from collective.accounts.services import create_api_key
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def colleague(world: World) -> dict[str, Any]:
    """A member that the owner may change: the contributor joins for the length of this cell."""
    Membership.objects.create(organization=world.organization, user=world.people["contributor"], role=Membership.MEMBER)
    return {"slug": world.organization.slug, "user_id": world.people["contributor"].pk}


def invitation(world: World) -> dict[str, Any]:
    """One that was sent to the buyer's confirmed address."""
    buyer, steward = world.people["buyer"], world.people["steward"]
    EmailAddress.objects.get_or_create(user=buyer, email=buyer.email, defaults={"verified": True, "primary": True})
    sent = Invitation.objects.create(
        organization=world.organization, email=buyer.email, role=Membership.MEMBER, invited_by=steward
    )
    return {"invitation_id": sent.pk}


def sent_invitation(world: World) -> dict[str, Any]:
    return {"slug": world.organization.slug, **invitation(world)}


def key_of_the_buyer(world: World) -> dict[str, Any]:
    key, _ = create_api_key(actor=world.people["buyer"], name="matrix", scopes=["download"])
    return {"key_id": key.pk}


ORGANIZATION = "organization_path"
NEW: dict[str, Any] = {"name": "Another one"}
FORM = {**NEW, "slug": "", "kind": "nonprofit", "about": ""}
SIGNED_IN = everybody(200, anonymous=401)
PAGE = everybody(200, anonymous=302)
OWNER = {"others": 404, "anonymous": 401}
OWNER_PAGE = {"others": 404, "anonymous": 302}
# With a colleague the contributor is a member: sees members, and may not manage them.
MEMBER = {"contributor": 403}

ROWS = [
    # Its signature is the permission, whoever sends it.
    Row("accounts-api:disclosed-keys", "POST", **everybody(401)),
    Row("accounts-api:me", "GET", **SIGNED_IN),
    Row("accounts-api:organizations", "GET", **SIGNED_IN),
    Row("accounts-api:organizations", "POST", body=NEW, **everybody(201, anonymous=401)),
    Row("accounts-api:organization", "GET", path=ORGANIZATION, **SIGNED_IN),
    Row("accounts-api:organization", "PATCH", path=ORGANIZATION, body=NEW, **only("steward", 200, **OWNER)),
    Row("accounts-api:members", "GET", path=ORGANIZATION, **only("steward", 200, **OWNER)),
    Row(
        "accounts-api:member",
        "PATCH",
        path=colleague,
        body={"role": "admin"},
        **only("steward", 200, **OWNER, **MEMBER),
    ),
    # Anybody may leave: the contributor removes itself.
    Row("accounts-api:member", "DELETE", path=colleague, **only("steward", 204, **OWNER, contributor=204)),
    Row("accounts-api:invitations", "GET", path=ORGANIZATION, **only("steward", 200, **OWNER)),
    Row(
        "accounts-api:invitations",
        "POST",
        path=ORGANIZATION,
        body={"email": "new@example.org"},
        **only("steward", 202, **OWNER),
    ),
    Row("accounts-api:invitation", "DELETE", path=sent_invitation, **only("steward", 204, **OWNER)),
    Row("accounts-api:my-invitations", "GET", **SIGNED_IN),
    Row("accounts-api:accept-invitation", "POST", path=invitation, **only("buyer", 200, **OWNER)),
    Row("accounts-api:decline-invitation", "POST", path=invitation, **only("buyer", 204, **OWNER)),
    Row("accounts:keys", "GET", **PAGE),
    # The matrix signs people in without a password; making a key asks for one first.
    Row("accounts:new-key", "GET", **everybody(302)),
    Row(
        "accounts:new-key", "POST", body={"name": "x", "scopes": "download", "expires_in_days": "90"}, **everybody(302)
    ),
    Row("accounts:revoke-key", "POST", path=key_of_the_buyer, **only("buyer", 302, **OWNER_PAGE)),
    Row("accounts:organizations", "GET", **PAGE),
    Row("accounts:new-organization", "GET", **PAGE),
    Row("accounts:new-organization", "POST", body=FORM, **everybody(302)),
    Row("accounts:organization", "GET", path=ORGANIZATION, **everybody(200)),
    Row("accounts:edit-organization", "GET", path=ORGANIZATION, **only("steward", 200, **OWNER_PAGE)),
    Row("accounts:edit-organization", "POST", path=ORGANIZATION, body=FORM, **only("steward", 302, **OWNER_PAGE)),
    Row(
        "accounts:invite",
        "POST",
        path=ORGANIZATION,
        body={"email": "new@example.org", "role": "member"},
        **only("steward", 302, **OWNER_PAGE),
    ),
    Row("accounts:withdraw", "POST", path=sent_invitation, **only("steward", 302, **OWNER_PAGE)),
    # A member who may not is sent back to the page, which says why.
    Row(
        "accounts:change-role",
        "POST",
        path=colleague,
        body={"role": "admin"},
        **only("steward", 302, **OWNER_PAGE, contributor=302),
    ),
    Row("accounts:remove-member", "POST", path=colleague, **only("steward", 302, **OWNER_PAGE, contributor=302)),
    Row("accounts:accept-invitation", "POST", path=invitation, **only("buyer", 302, **OWNER_PAGE)),
    Row("accounts:decline-invitation", "POST", path=invitation, **only("buyer", 302, **OWNER_PAGE)),
]
