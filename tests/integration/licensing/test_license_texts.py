"""The text of a license in new words: what was accepted stays, and what is published is never changed."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Dataset, DatasetVersion
from licensing.errors import (
    LicenseNotFoundError,
    LicenseTextChangedError,
    LicenseTextRetiredError,
    LicenseTextWrongError,
    LicenseTranslationError,
)
from licensing.models import LicenseVersion, Offer
from licensing.selectors import license_by_hash, offer_for, published_licenses, sellable_offers
from licensing.services import check_offer_sellable, publish_offer, retire_offer
from licensing.services.library import load_library
from licensing.services.license_texts import publish_license_text
from tests.integration.licensing.world import TRAIN, license_named

pytestmark = pytest.mark.django_db


def test_new_words_take_the_place_of_the_old_which_stay_readable() -> None:
    old = license_named(TRAIN)
    made = publish_license_text(actor=None, license_id=TRAIN, version="1.1", text=b"Other words.")
    old.refresh_from_db()
    assert (old.state, made.state, made.terms_sha256) == ("retired", "published", old.terms_sha256)
    assert license_by_hash(old.text_sha256) == old
    assert [row for row in published_licenses() if row.license_id == TRAIN] == [made]
    assert publish_license_text(actor=None, license_id=TRAIN, version="1.1", text=b"Other words.") == made
    assert load_library() == 0, "an upgrade of the software leaves it so"


def test_a_published_text_cannot_be_edited() -> None:
    before = list(LicenseVersion.objects.order_by("pk").values("pk", "text_sha256", "state"))
    with pytest.raises(LicenseTextChangedError):
        publish_license_text(actor=None, license_id=TRAIN, version="1.0", text=b"Other words.")
    for text in (b"", b" \n", b"\xff\xfe", license_named("CC0-1.0").text_bytes):
        with pytest.raises(LicenseTextWrongError):
            publish_license_text(actor=None, license_id=TRAIN, version="1.1", text=text)
    with pytest.raises(LicenseNotFoundError):
        publish_license_text(actor=None, license_id="LicenseRef-Nobody-1.0", version="1.0", text=b"Words.")
    assert list(LicenseVersion.objects.order_by("pk").values("pk", "text_sha256", "state")) == before


def test_a_translation_stands_beside_the_text(tmp_path: Path) -> None:
    english = publish_license_text(actor=None, license_id=TRAIN, version="1.1", text=b"Other words.")
    file = tmp_path / "text"
    file.write_text("D’autres mots.")
    call_command("publish_license", TRAIN, "1.1", str(file), language="fr", stdout=StringIO())
    french = LicenseVersion.objects.get(version="1.1", language="fr")
    english.refresh_from_db()
    assert (english.state, french.state, set(english.variants())) == ("published", "published", {english, french})
    for version, language in (("1.0", "sw"), ("1.2", "sw"), ("1.1", "not a tag")):
        with pytest.raises(LicenseTranslationError):
            publish_license_text(actor=None, license_id=TRAIN, version=version, text=b"Maneno.", language=language)


def test_an_offer_of_a_retired_text_is_not_sold_and_its_steward_sees_why(
    offer: Offer, version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    """G11: new purchases use the new version."""
    version = DatasetVersion.objects.select_related("dataset").get(pk=version.pk)
    assert sellable_offers(version) == [offer]
    made = publish_license_text(actor=None, license_id=TRAIN, version="1.1", text=b"Other words.")
    offer = offer_for(buyer, offer.pk)
    with pytest.raises(LicenseTextRetiredError):
        check_offer_sellable(offer, version, buyer.personal_organization)
    assert sellable_offers(version) == []
    client = Client()
    client.force_login(steward)
    page = f"/desk/{dataset.repo_id}/"
    assert "its text has a newer version than 1.0" in client.get(page).text
    retire_offer(actor=steward, offer_id=offer.pk)
    fresh = publish_offer(
        actor=steward, dataset_id=dataset.pk, license_version_id=made.pk, price_minor=0, currency="EUR"
    )
    assert sellable_offers(version) == [fresh]
    assert "newer version" not in client.get(page).text


def test_the_command_says_what_it_published_or_why_not(tmp_path: Path) -> None:
    file, told = tmp_path / "text", StringIO()
    file.write_text("Other words.")
    call_command("publish_license", TRAIN, "1.1", str(file), stdout=told)
    assert LicenseVersion.objects.get(version="1.1").text_sha256 in told.getvalue()
    file.write_text("Yet other words.")
    with pytest.raises(CommandError, match="differs from the published one"):
        call_command("publish_license", TRAIN, "1.1", str(file))
