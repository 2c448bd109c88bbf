"""Asking for access: the whole life of a request, by services."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from collective.accounts.models import Membership, Organization, User
from collective.catalog.errors import NotStewardError
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.errors import DomainError
from collective.core.jobs.drain import drain
from collective.core.states import WrongStateError
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.errors import (
    AccessAnswersError,
    AccessApprovedError,
    AccessAskedError,
    AccessExpiryError,
    AccessFileNotFoundError,
    AccessFileTooLargeError,
    AccessFileTypeError,
    AccessNotNeededError,
    AccessOffersError,
    AccessQuestionsChangedError,
    AccessQuestionsError,
    AccessRequestNotFoundError,
    AccessRuleError,
    AccessTextMissingError,
    ByRequestError,
    OwnAccessError,
)
from licensing.models import AccessRequest, AccessRequestEvent, AccessRule, LicenseGrant, Offer
from licensing.selectors import sellable_offers
from licensing.selectors.access import access_file_for, access_request_for, access_requests_visible_to
from licensing.services import Asked
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture
def restricted(offer: Offer, dataset: Dataset) -> Dataset:
    Dataset.objects.filter(pk=dataset.pk).update(visibility="restricted")
    return Dataset.objects.select_related("organization").get(pk=dataset.pk)


def ask(dataset: Dataset, buyer: User, licensee: Organization | None = None, **changes: Any) -> AccessRequest:
    asked = Asked(**{"purpose": "Speech research on Wolof.", "actions": ["train"], **changes})
    for_whom = licensee or buyer.personal_organization
    return services.request_access(actor=buyer, dataset_id=dataset.pk, licensee_id=for_whom.pk, asked=asked)


def fresh(offer: Offer) -> Offer:
    return Offer.objects.select_related("dataset__organization", "license_version__template").get(pk=offer.pk)


def test_from_the_question_to_the_license(
    restricted: Dataset, offer: Offer, version: DatasetVersion, steward: User, buyer: User
) -> None:
    with pytest.raises(ByRequestError) as refused:
        world.granted(fresh(offer), version, buyer)
    assert refused.value.message.endswith(f"/datasets/{restricted.repo_id}/access/")

    request = ask(restricted, buyer)
    assert (request.state, request.actions) == ("open", ["train"])
    with pytest.raises(ByRequestError):
        world.granted(fresh(offer), version, buyer)
    services.ask_for_information(actor=steward, request_id=request.pk, text="At which university?")
    with pytest.raises(WrongStateError):
        services.approve_access(actor=steward, request_id=request.pk, reason="Good.")
    services.answer_access_request(actor=buyer, request_id=request.pk, text="In Dakar.")
    until = timezone.now() + timedelta(days=60)
    services.approve_access(actor=steward, request_id=request.pk, reason="Good purpose.", expires_at=until)

    version.dataset.refresh_from_db()
    assert sellable_offers(version) == []
    assert sellable_offers(version, buyer) == [offer]
    assert sellable_offers(version, UserFactory()) == []
    grant = world.granted(fresh(offer), version, buyer)
    services.end_access(actor=steward, request_id=request.pk, reason="The project is over.")
    grant.refresh_from_db()
    assert grant.state == "active", "an approval's end is not the end of a license"
    kinds = AccessRequestEvent.objects.filter(request=request).order_by("at", "id").values_list("kind", flat=True)
    assert list(kinds) == ["asked", "information_asked", "answered", "approved", "ended"]


def test_mail_goes_to_the_other_side(restricted: Dataset, steward: User, buyer: User) -> None:
    request = ask(restricted, buyer, purpose="A secret plan.")
    drain()
    assert [message.to for message in mail.outbox] == [[steward.email]]
    services.decline_access(actor=steward, request_id=request.pk, reason="A secret reason.")
    drain()
    assert [message.to for message in mail.outbox] == [[steward.email], [buyer.email]]
    assert f"/access-requests/{request.pk}/" in str(mail.outbox[1].body)
    assert "secret" not in "".join(str(message.body) for message in mail.outbox)


def test_an_approval_can_be_for_some_offers_only(
    restricted: Dataset, offer: Offer, version: DatasetVersion, steward: User, buyer: User
) -> None:
    other = world.offered(restricted, steward, world.RESEARCH, price_minor=0)
    request = ask(restricted, buyer)
    services.approve_access(actor=steward, request_id=request.pk, reason="Research.", offers=[str(other.pk)])
    with pytest.raises(ByRequestError):
        world.granted(fresh(offer), version, buyer)
    assert not LicenseGrant.objects.exists()


def test_time_ends_an_approval_to_the_second_and_the_next_request_names_the_first(
    restricted: Dataset, offer: Offer, version: DatasetVersion, steward: User, buyer: User
) -> None:
    first = ask(restricted, buyer)
    until = timezone.now() + timedelta(days=60)
    services.approve_access(actor=steward, request_id=first.pk, reason="Good.", expires_at=until)
    with pytest.raises(AccessApprovedError):
        ask(restricted, buyer)
    with time_machine.travel(until, tick=False):
        with pytest.raises(ByRequestError):
            world.granted(fresh(offer), version, buyer)
        assert services.expire_access() == 1
        assert services.expire_access() == 0
        assert ask(restricted, buyer).earlier == first
    first.refresh_from_db()
    assert first.state == "expired"


def test_after_a_decline_one_may_ask_again_but_not_twice_at_once(
    restricted: Dataset, steward: User, buyer: User
) -> None:
    first = ask(restricted, buyer)
    with pytest.raises(AccessAskedError):
        ask(restricted, buyer)
    services.decline_access(actor=steward, request_id=first.pk, reason="Say more.")
    second = ask(restricted, buyer)
    assert second.earlier == first
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRequest.objects.create(
            dataset=restricted, licensee=second.licensee, requester=buyer, purpose="Again.", asked_at=timezone.now()
        )


def test_a_withdrawn_request_is_not_approved(restricted: Dataset, steward: User, buyer: User) -> None:
    request = ask(restricted, buyer)
    for _ in range(2):
        services.withdraw_access_request(actor=buyer, request_id=request.pk)
    with pytest.raises(WrongStateError):
        services.approve_access(actor=steward, request_id=request.pk, reason="Good.")
    request.refresh_from_db()
    assert (request.state, request.decided_at) == ("withdrawn", None)
    assert request.events.count() == 2


def test_only_stewards_decide_and_only_the_two_sides_see(restricted: Dataset, steward: User, buyer: User) -> None:
    request = ask(restricted, buyer)
    colleague, stranger, operator = UserFactory(), UserFactory(), UserFactory(is_staff=True)
    member = UserFactory()
    Membership.objects.create(organization=request.licensee, user=colleague, role=Membership.MEMBER)
    Membership.objects.create(organization=restricted.organization, user=member, role=Membership.MEMBER)
    for person in (buyer, colleague, steward):
        assert access_request_for(person, request.pk) == request
    for person in (stranger, operator, member):
        assert not access_requests_visible_to(person).exists()
        with pytest.raises(AccessRequestNotFoundError):
            services.approve_access(actor=person, request_id=request.pk, reason="Mine.")
    for person in (buyer, colleague):
        with pytest.raises(NotStewardError):
            services.approve_access(actor=person, request_id=request.pk, reason="Mine.")
    with pytest.raises(DomainError):
        services.withdraw_access_request(actor=steward, request_id=request.pk)
    request.refresh_from_db()
    assert request.state == "open"


def test_questions_are_versioned_and_old_requests_keep_theirs(restricted: Dataset, steward: User, buyer: User) -> None:
    wanted: list[dict[str, Any]] = [
        {"kind": "text", "text": "ما هدفك؟"},
        {"kind": "choice", "text": "Size", "options": ["small", "large"], "required": False},
        {"kind": "yes_no", "text": "Do you publish?"},
        {"kind": "file", "text": "Ethics approval", "required": False},
    ]
    first = services.publish_questions(actor=steward, dataset_id=restricted.pk, questions=wanted)
    assert services.publish_questions(actor=steward, dataset_id=restricted.pk, questions=wanted) == first
    assert [each.code for each in first.rows] == ["q1", "q2", "q3", "q4"]
    for answers in (
        {},
        {"q1": "x"},
        {"q1": " ", "q3": "yes"},
        {"q1": "x", "q3": "maybe"},
        {"q1": "x", "q3": "no", "q9": ""},
    ):
        with pytest.raises(AccessAnswersError):
            ask(restricted, buyer, question_set=first.pk, answers=answers)
    with pytest.raises(AccessQuestionsChangedError):
        ask(restricted, buyer, answers={"q1": "x", "q3": "yes"})
    file = services.store_access_file(actor=buyer, dataset_id=restricted.pk, name="C:\\x\\ok.exe", content=PDF)
    answers = {"q1": "اللغة", "q3": "yes", "q4": str(file.pk)}
    request = ask(restricted, buyer, question_set=first.pk, answers=answers)
    assert (request.files.get().question, file.name) == ("q4", "ok.pdf")

    second = services.publish_questions(actor=steward, dataset_id=restricted.pk, questions=wanted[:1])
    assert second.number == 2
    request.refresh_from_db()
    assert request.question_set == first
    assert request.answers == answers
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRequest.objects.filter(pk=request.pk).update(answers={"q1": "other"})


def test_bad_questions_are_refused(restricted: Dataset, steward: User, buyer: User) -> None:
    bad: list[dict[str, Any]] = [
        {"kind": "text", "text": " "},
        {"kind": "choice", "text": "One?", "options": ["only"]},
        {"kind": "text", "text": "x", "code": "No Code"},
        {"kind": "number", "text": "x"},
    ]
    for each in bad:
        with pytest.raises(AccessQuestionsError):
            services.publish_questions(actor=steward, dataset_id=restricted.pk, questions=[each])
    with pytest.raises(NotStewardError):
        services.publish_questions(actor=buyer, dataset_id=restricted.pk, questions=[])


def test_evidence_is_known_by_its_bytes_and_belongs_to_one_request(
    restricted: Dataset, steward: User, buyer: User
) -> None:
    for content in (b"", b"MZ\x90\x00program", b"%PDF-1.7 cut short", b"\x89PNG\r\n\x1a\n", b"a\x00b"):
        with pytest.raises(AccessFileTypeError):
            services.store_access_file(actor=buyer, dataset_id=restricted.pk, name="good.pdf", content=content)
    with pytest.raises(AccessFileTooLargeError):
        services.store_access_file(
            actor=buyer, dataset_id=restricted.pk, name="x.txt", content=b"x" * (5 * 1024 * 1024 + 1)
        )
    file = services.store_access_file(actor=buyer, dataset_id=restricted.pk, name="", content="Ethics: ✓".encode())
    assert (file.media_type, file.name) == ("text/plain", "evidence.txt")
    request = ask(restricted, buyer)
    services.ask_for_information(actor=steward, request_id=request.pk, text="A paper, please.")
    foreign = services.store_access_file(actor=steward, dataset_id=restricted.pk, name="s", content=PDF)
    with pytest.raises(AccessFileNotFoundError):
        services.answer_access_request(actor=buyer, request_id=request.pk, text="x", files=[str(foreign.pk)])
    services.answer_access_request(actor=buyer, request_id=request.pk, text="Here.", files=[str(file.pk)])
    assert access_file_for(steward, request.pk, file.pk) == file
    for person in (UserFactory(), UserFactory(is_staff=True)):
        with pytest.raises(AccessRequestNotFoundError):
            access_file_for(person, request.pk, file.pk)
    services.decline_access(actor=steward, request_id=request.pk, reason="No.")
    again = ask(restricted, buyer)
    services.ask_for_information(actor=steward, request_id=again.pk, text="A paper, please.")
    with pytest.raises(AccessFileNotFoundError):
        services.answer_access_request(actor=buyer, request_id=again.pk, text="x", files=[str(file.pk)])


def test_a_rule_approves_at_once_and_is_named_in_the_decision(
    restricted: Dataset, offer: Offer, version: DatasetVersion, steward: User, buyer: User
) -> None:
    university = OrganizationFactory(owner=buyer, kind="academic")
    EmailAddress.objects.create(user=buyer, email="ama@Lab.Uni.example", verified=True)
    rule = services.add_access_rule(
        actor=steward,
        dataset_id=restricted.pk,
        name="Universities",
        days=90,
        conditions=[
            {"field": "licensee_kind", "any_of": ["academic", "nonprofit"]},
            {"field": "purpose", "any_of": ["research"]},
            {"field": "email_domain", "any_of": ["uni.example"]},
            {"field": "offer", "any_of": [str(offer.pk)]},
        ],
    )
    assert ask(restricted, buyer, offers=[str(offer.pk)]).state == "open", "a person is no university"
    assert ask(restricted, buyer, OrganizationFactory(owner=buyer, kind="academic")).state == "open", "any offer"
    request = ask(restricted, buyer, university, offers=[str(offer.pk)])
    assert (request.state, request.rule, request.decided_by) == ("approved", rule, None)
    assert request.allowed_offers == [str(offer.pk)]
    assert request.expires_at is not None
    assert request.decided_at is not None
    assert request.expires_at - request.decided_at == timedelta(days=90)
    assert world.granted(fresh(offer), version, buyer, licensee=university).state == "active"

    services.end_access_rule(actor=steward, rule_id=rule.pk)
    other = OrganizationFactory(owner=buyer, kind="academic")
    assert ask(restricted, buyer, other, offers=[str(offer.pk)]).state == "open"
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRule.objects.filter(pk=rule.pk).update(name="Everybody")


def test_a_rule_about_actions_opens_no_offer_that_permits_more(
    restricted: Dataset, offer: Offer, version: DatasetVersion, steward: User, buyer: User
) -> None:
    services.add_access_rule(
        actor=steward,
        dataset_id=restricted.pk,
        name="Reading and labeling",
        conditions=[{"field": "actions", "any_of": ["annotate", "access"]}],
    )
    modest: dict[str, Any] = {"actions": ["annotate"]}
    assert ask(restricted, buyer, **modest).state == "open", "there is only an offer to train"
    named = ask(restricted, buyer, OrganizationFactory(owner=buyer), **modest, offers=[str(offer.pk)])
    assert named.state == "open"

    narrow = {code: "prohibit" for code in ACTION_CODES if code not in ("access", "annotate")}
    labeling = world.offered(restricted, steward, "LicenseRef-DC-RAG-1.0", parameters={"actions": narrow})
    reader = OrganizationFactory(owner=buyer)
    request = ask(restricted, buyer, reader, **modest)
    assert (request.state, request.allowed_offers) == ("approved", [str(labeling.pk)])
    with pytest.raises(ByRequestError):
        world.granted(fresh(offer), version, buyer, licensee=reader)


def test_bad_rules_are_refused(restricted: Dataset, steward: User, buyer: User) -> None:
    bad: list[list[dict[str, Any]]] = [
        [],
        [{"field": "color", "any_of": ["red"]}],
        [{"field": "purpose", "any_of": [" "]}],
        [{"field": "answer", "any_of": ["yes"]}],
        [{"field": "actions", "any_of": ["fly"]}],
    ]
    for conditions in bad:
        with pytest.raises(AccessRuleError):
            services.add_access_rule(actor=steward, dataset_id=restricted.pk, name="x", conditions=conditions)
    with pytest.raises(AccessOffersError):
        services.add_access_rule(
            actor=steward, dataset_id=restricted.pk, name="x", conditions=[{"field": "offer", "any_of": ["other"]}]
        )
    with pytest.raises(NotStewardError):
        services.add_access_rule(
            actor=buyer, dataset_id=restricted.pk, name="x", conditions=[{"field": "purpose", "any_of": ["a"]}]
        )


def test_what_cannot_be_asked(offer: Offer, dataset: Dataset, steward: User, buyer: User) -> None:
    with pytest.raises(AccessNotNeededError):
        ask(dataset, buyer)
    Dataset.objects.filter(pk=dataset.pk).update(visibility="restricted")
    with pytest.raises(OwnAccessError):
        ask(dataset, steward, dataset.organization)
    with pytest.raises(AccessOffersError):
        ask(dataset, buyer, offers=["other"])
    for changes in ({"purpose": " "}, {"actions": ["fly"]}):
        with pytest.raises(DomainError):
            ask(dataset, buyer, **changes)
    request = ask(dataset, buyer)
    with pytest.raises(AccessTextMissingError):
        services.decline_access(actor=steward, request_id=request.pk, reason=" ")
    with pytest.raises(AccessExpiryError):
        services.approve_access(actor=steward, request_id=request.pk, reason="x", expires_at=timezone.now())
    assert AccessRequest.objects.get().state == "open"


def test_reminders_go_out_once_in_their_time(restricted: Dataset, steward: User, buyer: User) -> None:
    request = ask(restricted, buyer)
    assert services.remind_of_access() == 0
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        assert services.remind_of_access() == 1
        assert services.remind_of_access() == 0
        services.approve_access(
            actor=steward, request_id=request.pk, reason="x", expires_at=timezone.now() + timedelta(days=60)
        )
        assert services.remind_of_access() == 0
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert services.remind_of_access() == 1
        assert services.remind_of_access() == 0
        assert ask(restricted, buyer).earlier == request, "the next one may be asked for before the first is over"
    kinds = set(AccessRequestEvent.objects.filter(request=request, actor=None).values_list("kind", flat=True))
    assert kinds == {"reminded", "expires_soon"}


def test_terms_can_ask_for_approval_where_the_dataset_does_not(
    offer: Offer, version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    careful = world.offered(dataset, steward, world.EVERYBODY, plan={"approval_required": True})
    version.dataset.refresh_from_db()
    assert sellable_offers(version, buyer) == [offer]
    with pytest.raises(ByRequestError):
        services.check_offer_sellable(fresh(careful), version, buyer.personal_organization)
    services.check_offer_sellable(fresh(offer), version, buyer.personal_organization)
    request = ask(dataset, buyer, offers=[str(careful.pk)])
    services.approve_access(actor=steward, request_id=request.pk, reason="Good.")
    services.check_offer_sellable(fresh(careful), version, buyer.personal_organization)
    assert set(sellable_offers(version, buyer)) == {offer, careful}
