"""Organizations, members and invitations over HTTP."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from collective.accounts.models import Invitation, Membership, Organization, User
from collective.accounts.services import create_organization, invite_member, remove_member
from collective.core.models import AuditEvent
from tests.integration.accounts.people import key_of, person, signed_in, with_key

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def ana() -> User:
    return person("Ana")


@pytest.fixture
def voices(ana: User) -> Organization:
    return create_organization(actor=ana, name="Wolof Voices")


def join(organization: Organization, user: User, role: str = Membership.MEMBER) -> None:
    Membership.objects.create(organization=organization, user=user, role=role)


def test_opening_an_organization(ana: User) -> None:
    client = signed_in(ana)
    response = client.post("/api/v1/organizations", {"name": "Wolof Voices", "kind": "academic"}, content_type=JSON)
    assert response.status_code == 201
    assert response.json()["slug"] == "wolof-voices"
    assert response.json()["is_personal"] is False
    mine = client.get("/api/v1/me").json()["organizations"]
    assert [(each["slug"], each["role"], each["is_personal"]) for each in mine] == [
        ("ana", "owner", True),
        ("wolof-voices", "owner", False),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "X", "slug": "admin"}, 400, "bad_slug"),
        ({"name": "X", "slug": "No Spaces"}, 400, "bad_slug"),
        ({"name": "X", "slug": "wolof-voices"}, 409, "slug_taken"),
        ({"name": ""}, 400, "invalid"),
        ({"name": "X", "kind": "empire"}, 400, "invalid"),
        ({"name": "X", "personal_of": "me"}, 400, "invalid"),
    ],
)
def test_what_is_no_organization(voices: Organization, ana: User, body: dict[str, str], status: int, code: str) -> None:
    response = signed_in(ana).post("/api/v1/organizations", body, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert Organization.objects.filter(personal_of=None).count() == 1


def test_only_managers_edit_and_the_slug_stays(voices: Organization, ana: User) -> None:
    ben = person("Ben")
    join(voices, ben)
    assert (
        signed_in(ben).patch("/api/v1/organizations/wolof-voices", {"name": "Mine"}, content_type=JSON).status_code
        == 403
    )
    ana_client = signed_in(ana)
    assert (
        ana_client.patch("/api/v1/organizations/wolof-voices", {"slug": "other"}, content_type=JSON).status_code == 400
    )
    response = ana_client.patch("/api/v1/organizations/wolof-voices", {"about": "We collect."}, content_type=JSON)
    assert (response.json()["about"], response.json()["name"]) == ("We collect.", "Wolof Voices")


def test_an_invitation_tells_nothing_about_accounts(
    voices: Organization, ana: User, run_all_jobs: Callable[[], list[str]]
) -> None:
    person("Ben")
    client = signed_in(ana)
    answers = []
    for email in ("ben@example.org", "nobody@example.org"):
        response = client.post("/api/v1/organizations/wolof-voices/invitations", {"email": email}, content_type=JSON)
        body = {name: value for name, value in response.json().items() if name not in {"id", "email", "created_at"}}
        answers.append((response.status_code, body))
    assert answers[0] == answers[1]
    assert answers[0][0] == 202
    run_all_jobs()
    assert [message.to for message in mail.outbox] == [["ben@example.org"], ["nobody@example.org"]]
    bodies = {message.body for message in mail.outbox}
    assert len(bodies) == 1
    members = client.get("/api/v1/organizations/wolof-voices/members").json()["results"]
    assert [member["name"] for member in members] == ["Ana"]


def test_asking_twice_sends_one_mail_and_changes_the_role(
    voices: Organization, ana: User, run_all_jobs: Callable[[], list[str]]
) -> None:
    for role in ("member", "admin"):
        invite_member(actor=ana, organization_id=voices.pk, email="Ben@Example.org", role=role)
    run_all_jobs()
    assert len(mail.outbox) == 1
    assert [(row.email, row.role) for row in Invitation.objects.all()] == [("ben@example.org", "admin")]


def test_the_invited_person_joins_and_nobody_else_can(voices: Organization, ana: User) -> None:
    invitation = invite_member(actor=ana, organization_id=voices.pk, email="ben@example.org", role="admin")
    ben, eve = signed_in(person("Ben")), signed_in(person("Eve"))
    assert eve.get("/api/v1/invitations").json() == {"results": []}
    assert eve.post(f"/api/v1/invitations/{invitation.pk}/accept").status_code == 404
    assert "Wolof Voices" in ben.get("/organizations/").content.decode()
    assert ben.post(f"/api/v1/invitations/{invitation.pk}/accept").json()["role"] == "admin"
    assert ben.post(f"/api/v1/invitations/{invitation.pk}/accept").status_code == 404, "used once"
    assert not Membership.objects.filter(user__name="Eve", organization=voices).exists()


def test_a_removed_manager_has_no_way_back_by_an_invitation(voices: Organization, ana: User) -> None:
    ben, second_ben = person("Ben"), person("Benjamin")
    Membership.objects.create(organization=voices, user=ben, role="admin")
    invitation = invite_member(actor=ben, organization_id=voices.pk, email=second_ben.email, role="admin")
    path = f"/api/v1/invitations/{invitation.pk}/accept"
    remove_member(actor=ana, organization_id=voices.pk, user_id=ben.pk)
    assert signed_in(second_ben).post(path).status_code == 404
    assert not Membership.objects.filter(user=second_ben, organization=voices).exists()
    # Somebody who may still give that role asks again.
    invite_member(actor=ana, organization_id=voices.pk, email=second_ben.email, role="admin")
    assert signed_in(second_ben).post(path).json()["role"] == "admin"


def test_declining_and_taking_back(voices: Organization, ana: User) -> None:
    ben = signed_in(person("Ben"))
    first = invite_member(actor=ana, organization_id=voices.pk, email="ben@example.org")
    assert ben.post(f"/api/v1/invitations/{first.pk}/decline").status_code == 204
    second = invite_member(actor=ana, organization_id=voices.pk, email="ben@example.org")
    assert signed_in(ana).delete(f"/api/v1/organizations/wolof-voices/invitations/{second.pk}").status_code == 204
    assert ben.post(f"/api/v1/invitations/{second.pk}/accept").status_code == 404
    assert voices.memberships.count() == 1


def test_a_personal_organization_has_one_member(ana: User) -> None:
    response = signed_in(ana).post(
        "/api/v1/organizations/ana/invitations", {"email": "b@example.org"}, content_type=JSON
    )
    assert (response.status_code, response.json()["code"]) == (409, "personal_organization")
    assert not Invitation.objects.exists()


def test_a_removed_member_is_out_at_the_next_request(voices: Organization, ana: User) -> None:
    ben = person("Ben")
    join(voices, ben, Membership.ADMIN)
    session, key = signed_in(ben), with_key(key_of(ben, "datasets:read"))
    path = "/api/v1/organizations/wolof-voices/members"
    assert session.get(path).status_code == 200
    assert len(key.get("/api/v1/organizations").json()["results"]) == 2
    assert signed_in(ana).delete(f"{path}/{ben.pk}").status_code == 204
    assert session.get(path).status_code == 404
    assert len(key.get("/api/v1/organizations").json()["results"]) == 1
    assert (
        session.post("/organizations/wolof-voices/invite/", {"email": "x@example.org", "role": "member"}).status_code
        == 404
    )


def test_roles_bite(voices: Organization, ana: User) -> None:
    ben, cleo, eve = person("Ben"), person("Cleo"), person("Eve")
    join(voices, ben, Membership.ADMIN)
    join(voices, cleo)
    path = "/api/v1/organizations/wolof-voices/members"
    table = [
        (eve, cleo, "admin", 404, ""),
        (cleo, ben, "member", 403, "not_a_manager"),
        (ben, cleo, "owner", 403, "owners_only"),
        (ben, ana, "member", 403, "owners_only"),
        (ben, cleo, "admin", 200, ""),
        (ana, ana, "member", 409, "last_owner"),
        (ana, ben, "owner", 200, ""),
        (ben, ana, "member", 200, ""),
    ]
    for actor, target, role, status, code in table:
        response = signed_in(actor).patch(f"{path}/{target.pk}", {"role": role}, content_type=JSON)
        assert response.status_code == status, (actor, target, role)
        assert not code or response.json()["code"] == code


def test_the_last_owner_cannot_leave(voices: Organization, ana: User) -> None:
    client = signed_in(ana)
    path = f"/api/v1/organizations/wolof-voices/members/{ana.pk}"
    assert client.delete(path).json()["code"] == "last_owner"
    join(voices, person("Ben"), Membership.OWNER)
    assert client.delete(path).status_code == 204


def test_an_admin_cannot_remove_an_owner_and_a_member_nobody(voices: Organization, ana: User) -> None:
    ben, cleo = person("Ben"), person("Cleo")
    join(voices, ben, Membership.ADMIN)
    join(voices, cleo)
    path = "/api/v1/organizations/wolof-voices/members"
    assert signed_in(ben).delete(f"{path}/{ana.pk}").status_code == 403
    assert signed_in(cleo).delete(f"{path}/{ben.pk}").status_code == 403
    assert signed_in(cleo).delete(f"{path}/{cleo.pk}").status_code == 204
    assert voices.memberships.count() == 2


def test_pages_show_members_to_members_only(voices: Organization, ana: User) -> None:
    pages = {
        "anonymous": Client().get("/organizations/wolof-voices/"),
        "stranger": signed_in(person("Eve")).get("/organizations/wolof-voices/"),
        "owner": signed_in(ana).get("/organizations/wolof-voices/"),
    }
    assert {who: page.status_code for who, page in pages.items()} == dict.fromkeys(pages, 200)
    assert {who: "ana@example.org" in page.content.decode().partition("<main")[2] for who, page in pages.items()} == {
        "anonymous": False,
        "stranger": False,
        "owner": True,
    }
    assert Client().get("/organizations/ana/").status_code == 404, "a personal organization is not a public page"


def test_the_pages_do_what_the_api_does(voices: Organization, ana: User) -> None:
    client, ben = signed_in(ana), person("Ben")
    base = "/organizations/wolof-voices"
    assert client.post(f"{base}/invite/", {"email": "ben@example.org", "role": "member"}).status_code == 302
    invitation = Invitation.objects.get()
    assert signed_in(ben).post(f"/invitations/{invitation.pk}/accept/")["Location"] == f"{base}/"
    assert client.post(f"{base}/members/{ben.pk}/role/", {"role": "admin"}).status_code == 302
    assert voices.memberships.get(user=ben).role == "admin"
    refused = client.post(f"{base}/members/{ana.pk}/remove/", follow=True)
    assert "This is the last owner" in refused.content.decode()
    assert client.post(f"{base}/members/{ben.pk}/remove/").status_code == 302
    assert voices.memberships.count() == 1
    created = client.post("/organizations/new/", {"name": "Second", "slug": "", "kind": "nonprofit", "about": ""})
    assert created["Location"] == "/organizations/second/"
    assert client.post("/organizations/second/edit/", {"name": "2nd", "kind": "sme", "about": ""}).status_code == 302
    assert Organization.objects.get(slug="second").name == "2nd"


def test_every_change_of_members_leaves_a_trace_without_addresses(voices: Organization, ana: User) -> None:
    client, ben = signed_in(ana), person("Ben")
    invitation = invite_member(actor=ana, organization_id=voices.pk, email="ben@example.org")
    signed_in(ben).post(f"/api/v1/invitations/{invitation.pk}/accept")
    path = f"/api/v1/organizations/wolof-voices/members/{ben.pk}"
    client.patch(path, {"role": "admin"}, content_type=JSON)
    client.delete(path)
    events = AuditEvent.objects.filter(object_id=str(voices.pk)).order_by("seq")
    assert [(event.action, event.actor_id) for event in events] == [
        ("accounts.organization_created", ana.pk),
        ("accounts.member_invited", ana.pk),
        ("accounts.member_joined", ben.pk),
        ("accounts.role_changed", ana.pk),
        ("accounts.member_removed", ana.pk),
    ]
    assert not any("@" in str(event.data) for event in events)
