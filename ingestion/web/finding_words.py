"""What each finding of the checks is called, and what to do about it. The pipeline knows codes only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collective.core.web.languages import language_of
from ingestion.domain.findings import Finding

Text = str | Promise


@dataclass(frozen=True)
class Words:
    title: Text
    action: Text


_REMOVE = _("Remove or replace it, or make sure that the people concerned agreed and the rights say so.")
_SECRET = _("Whoever reads the data can use it. Make it invalid where it was issued, remove it here, and upload again.")

# By check and code.
WORDS: dict[tuple[str, str], Words] = {
    ("empties", "empty_text"): Words(
        _("Empty texts"), _("Look whether something was lost on the way; otherwise leave these records out.")
    ),
    ("empties", "null_column"): Words(_("A column without any value"), _("Fill it or leave it out.")),
    ("empties", "constant_column"): Words(
        _("A column with the same value everywhere"), _("Fine if meant so; otherwise leave it out.")
    ),
    ("personal_data", "email"): Words(_("E-mail addresses"), _REMOVE),
    ("personal_data", "phone"): Words(_("Telephone numbers"), _REMOVE),
    ("personal_data", "iban"): Words(_("Bank account numbers (IBAN)"), _REMOVE),
    ("personal_data", "payment_card"): Words(_("Numbers of payment cards"), _REMOVE),
    ("personal_data", "ip_address"): Words(_("Internet addresses (IP)"), _("Shorten them if they belong to people.")),
    ("secrets", "own_key"): Words(
        _("Keys of this site"),
        _("Real ones that still worked were revoked at once. Remove them here, and upload again."),
    ),
    ("secrets", "private_key"): Words(_("Private keys"), _SECRET),
    ("secrets", "aws_key"): Words(_("Keys of Amazon Web Services"), _SECRET),
    ("secrets", "azure_key"): Words(_("Keys of Azure storage"), _SECRET),
    ("secrets", "github_token"): Words(_("GitHub tokens"), _SECRET),
    ("secrets", "gitlab_token"): Words(_("GitLab tokens"), _SECRET),
    ("secrets", "google_key"): Words(_("Google API keys"), _SECRET),
    ("secrets", "slack_token"): Words(_("Slack tokens"), _SECRET),
    ("secrets", "stripe_key"): Words(_("Stripe keys"), _SECRET),
    ("secrets", "openai_key"): Words(_("OpenAI keys"), _SECRET),
    ("secrets", "hugging_face_token"): Words(_("Hugging Face tokens"), _SECRET),
    ("secrets", "sendgrid_key"): Words(_("SendGrid keys"), _SECRET),
    ("secrets", "npm_token"): Words(_("npm tokens"), _SECRET),
    ("secrets", "pypi_token"): Words(_("PyPI tokens"), _SECRET),
    ("secrets", "web_token"): Words(
        _("Web tokens (JWT)"), _("Most expire soon. Remove them if they still open something or name people.")
    ),
    ("language", "language_unknown"): Words(
        _("Texts in no language that we recognize"), _("Code, lists and rare languages look like this. Nothing to do.")
    ),
    ("duplicates", "same_in_contribution"): Words(
        _("Records that are in this contribution more than once"), _("Keep one of each, unless they repeat on purpose.")
    ),
    ("duplicates", "same_in_dataset"): Words(
        _("Records that the dataset has already"), _("Leave them out here, unless they repeat on purpose.")
    ),
    ("duplicates", "taken_back"): Words(
        _("Records that were taken back by somebody in them, and stay out"),
        _("Nothing to do: versions are made without them. Whoever took them back may give them again."),
    ),
    ("media", "silent"): Words(_("Silent recordings"), _("Leave them out, or record them again.")),
    ("media", "clipped"): Words(_("Overdriven recordings"), _("Record them again with less gain, or leave them out.")),
    ("media", "very_short"): Words(_("Recordings under a tenth of a second"), _("Look whether they were cut off.")),
    ("media", "mixed_rates"): Words(
        _("Recordings with another sampling rate than most"), _("Fine for most uses; resample them for one rate.")
    ),
    ("media", "tiny_image"): Words(_("Pictures smaller than 32 pixels"), _("Look whether these are previews.")),
    ("media", "one_color"): Words(_("Pictures of one color"), _("Leave them out if nothing is on them.")),
    ("media", "identical_media"): Words(_("The same recording or picture again"), _("Keep one of each.")),
}
COUNTRIES: dict[str, Text] = {
    "ar": _("Argentina"),
    "be": _("Belgium"),
    "br": _("Brazil"),
    "ca": _("Canada"),
    "ch": _("Switzerland"),
    "cl": _("Chile"),
    "cn": _("China"),
    "cz": _("Czechia"),
    "de": _("Germany"),
    "es": _("Spain"),
    "fi": _("Finland"),
    "fr": _("France"),
    "in": _("India"),
    "is": _("Iceland"),
    "it": _("Italy"),
    "kr": _("South Korea"),
    "mx": _("Mexico"),
    "no": _("Norway"),
    "pt": _("Portugal"),
    "se": _("Sweden"),
    "th": _("Thailand"),
    "us": _("United States"),
}
NATIONAL_ID = "national_id_"


def words_for(finding: Finding) -> Words:
    """Also for a code that nobody wrote words for: it comes from a process that read users' bytes."""
    country = COUNTRIES.get(finding.code.removeprefix(NATIONAL_ID)) if finding.code.startswith(NATIONAL_ID) else None
    if finding.check == "personal_data" and country is not None:
        return Words(_("National identity numbers: %s") % country, _REMOVE)
    known = WORDS.get((finding.check, finding.code))
    if known is None and finding.check == "language":
        return Words(_("Texts in %s") % language_of(finding.code).name, _("Good to know; told from a sample."))
    return known or Words(finding.code, _("Look at the records named here."))
