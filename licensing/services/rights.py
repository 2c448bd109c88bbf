"""What a contributor declares before submitting."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from licensing.domain.actions import PROHIBITED_USES, PURPOSE_CODES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.domain.library import MATERIAL_NAMES, OWN_WORK
from licensing.errors import DeclarationIncompleteError, NoticeChangedError
from licensing.models import Attestation, ConsentEvent, ConsentNotice, ProvenanceSource
from licensing.models.rights import PEOPLE, RIGHTS_ROLES, SOURCE_KINDS
from licensing.policies import check_can_declare_rights
from licensing.selectors import current_statement, shown_notice
from licensing.services.derivations import check_derivations
from licensing.services.people import own_person


@transaction.atomic
def declare_rights(*, actor: User, contribution_id: UUID, declaration: Declaration) -> ProvenanceSource:
    """Source, consent and attestation in one go; declaring again before submitting replaces what was said.

    Raises DeclarationIncompleteError with the wrong fields, RightsLockedError once it is handed in, and
    NoticeChangedError if the texts that were shown are not the present ones. For data made from other data see
    `check_derivations`.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_declare_rights(actor, contribution)
    _check_complete(declaration)
    made_from = check_derivations(actor, contribution, declaration)
    now = timezone.now()
    source = _record_source(actor, contribution, declaration.source, now)
    _record_consent(actor, contribution, declaration.consent, now)
    _sign(actor, source, declaration, now)
    catalog.declare_derivations(
        actor=actor, contribution_id=contribution.pk, source_ids=[version.pk for version in made_from]
    )
    catalog.mark_rights_declared(contribution_id=contribution.pk, material_license=source.license_id)
    audit.record(
        actor=actor,
        action="licensing.rights_declared",
        obj=contribution,
        license=source.license_id,
        given=sorted(code for code, yes in declaration.consent.answers.items() if yes),
    )
    return source


def _record_source(actor: User, contribution: Contribution, source: Source, now: datetime) -> ProvenanceSource:
    return ProvenanceSource.objects.create(
        contribution=contribution,
        kind=source.kind,
        description=source.description.strip(),
        url=source.url,
        collected_from=source.collected_from,
        collected_to=source.collected_to,
        country=source.country.upper(),
        license_id=source.license_id,
        authors=list(source.authors) or None,
        rights_role=source.rights_role,
        declared_by=actor,
        declared_at=now,
    )


def _record_consent(actor: User, contribution: Contribution, consent: Consent, now: datetime) -> ConsentEvent:
    notice = shown_notice(consent.notice_sha256, dataset_id=contribution.dataset_id)
    if notice is None:
        raise NoticeChangedError
    return ConsentEvent.objects.create(
        contribution=contribution,
        kind="given",
        person=own_person(actor),
        actor=actor,
        notice=notice,
        answers=_answers(consent, notice),
        limits={"commercial": consent.commercial, "territory": ["*"], "exclusive": consent.exclusive},
        people=consent.people,
        at=now,
    )


def _answers(consent: Consent, notice: ConsentNotice) -> dict[str, str]:
    """To what the notice asks; a no to another use is kept too, and a yes to it is none."""
    refused = [code for code, yes in consent.answers.items() if code in PROHIBITED_USES and not yes]
    told = [code for code in PURPOSE_CODES if code in (*notice.asked, *refused)]
    return {code: "given" if code in notice.asked and consent.answers.get(code) else "refused" for code in told}


def _sign(actor: User, source: ProvenanceSource, declaration: Declaration, now: datetime) -> Attestation:
    statement = current_statement()
    if declaration.statement_sha256 != statement.text_sha256:
        raise NoticeChangedError
    return Attestation.objects.create(
        contribution=source.contribution,
        source=source,
        statement=statement,
        signer=actor,
        signer_name=declaration.signer_name.strip(),
        rights_role=source.rights_role,
        signed_at=now,
    )


def _check_complete(declaration: Declaration) -> None:
    source, consent = declaration.source, declaration.consent
    found = {
        "kind": source.kind in dict(SOURCE_KINDS) or "Choose how the material came about.",
        "description": bool(source.description.strip()) or "Describe in a sentence or two where it comes from.",
        "rights_role": source.rights_role in dict(RIGHTS_ROLES) or "Choose in which role you give it.",
        "license_id": _license_problem(source) or True,
        "collected_to": _in_order(source) or "The end lies before the beginning.",
        "country": _is_country(source.country) or "Use the two letters of the country, as in FR.",
        "answers": _known(consent) or "There is an answer for a use that does not exist.",
        "access": bool(consent.answers.get("access")) or "Without this, nobody can receive the data at all.",
        "people": consent.people in dict(PEOPLE) or "Choose who can be recognized in it.",
        "signer_name": bool(declaration.signer_name.strip()) or "Write your name as a signature.",
    }
    wrong = {name: [problem] for name, problem in found.items() if isinstance(problem, str)}
    if wrong:
        raise DeclarationIncompleteError(fields=wrong)


def _license_problem(source: Source) -> str:
    if source.license_id not in MATERIAL_NAMES:
        return "Choose the license of the material."
    if source.license_id == "NOASSERTION":
        return "Find out the license of the material first: without one it cannot be offered to anybody."
    if source.license_id == OWN_WORK and source.rights_role == "intermediary":
        return "Material from somebody else has a license. Choose it."
    return ""


def _in_order(source: Source) -> bool:
    both = source.collected_from is not None and source.collected_to is not None
    return not both or source.collected_from <= source.collected_to  # type: ignore[operator] # both are dates here


def _is_country(code: str) -> bool:
    return not code or (len(code) == 2 and code.isascii() and code.isalpha())


def _known(consent: Consent) -> bool:
    return set(consent.answers) <= set(PURPOSE_CODES)
