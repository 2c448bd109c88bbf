"""Licensing's part of /api/v1/."""

from django.urls import path

from licensing.api import grants, licenses, manifest, offers, rights, seats

app_name = "licensing-api"
DATASET = "datasets/<slug:organization>/<slug:slug>"
CONTRIBUTION = "contributions/<uuid:contribution_id>"
LICENSE = "licenses/sha256/<str:text_sha256>"

urlpatterns = [
    path("licenses", licenses.LicenseList.as_view(), name="licenses"),
    path(LICENSE, licenses.LicenseText.as_view(), name="license"),
    path(f"{LICENSE}/text", licenses.LicenseBytes.as_view(), name="license-text"),
    path(f"{DATASET}/offers", offers.OfferList.as_view(), name="offers"),
    path(f"{DATASET}/offers/choices", offers.OfferChoices.as_view(), name="offer-choices"),
    path("offers/<uuid:offer_id>", offers.OfferDetail.as_view(), name="offer"),
    path("offers/<uuid:offer_id>/retire", offers.OfferRetire.as_view(), name="offer-retire"),
    path("grants", grants.GrantList.as_view(), name="grants"),
    path("grants/<uuid:grant_id>", grants.GrantDetail.as_view(), name="grant"),
    path("grants/<uuid:grant_id>/certificate", grants.GrantCertificate.as_view(), name="certificate"),
    path("grants/<uuid:grant_id>/seats", seats.SeatList.as_view(), name="seats"),
    path("grants/<uuid:grant_id>/seats/<uuid:seat_id>/release", seats.SeatRelease.as_view(), name="seat-release"),
    path("grants/<uuid:grant_id>/jws", grants.GrantJws.as_view(), name="grant-jws"),
    path(f"{DATASET}/manifest", manifest.DatasetManifest.as_view(), name="manifest"),
    path(f"{CONTRIBUTION}/rights", rights.ContributionRights.as_view(), name="rights"),
    path(f"{CONTRIBUTION}/withdraw", rights.ContributionWithdraw.as_view(), name="withdraw"),
]
