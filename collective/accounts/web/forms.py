"""What the pages ask. The rules are in the services; a form only turns text into values."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from collective.accounts.domain.keys import DEFAULT_DAYS, MOST_DAYS, SCOPES
from collective.accounts.models import Membership, Organization

ROLES = [
    (Membership.MEMBER, _("member: contributes, buys and reads")),
    (Membership.ADMIN, _("admin: also decides on members, datasets and prices")),
    (Membership.OWNER, _("owner: also decides who is an owner")),
]


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("As people know it, in any script."))
    slug = forms.CharField(
        label=_("Short name"),
        max_length=60,
        required=False,
        help_text=_("Part of every address, as in my-group/my-dataset. It never changes. Empty: we make one."),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=Organization.KINDS, initial="nonprofit")
    about = forms.CharField(label=_("About"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class OrganizationEditForm(OrganizationForm):
    slug = None  # type: ignore[assignment]  # Django's way to leave a parent's field out


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("We send an invitation. It waits until the person answers.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)


class KeyForm(forms.Form):
    LIFETIMES: ClassVar[list[tuple[int, Any]]] = [
        (7, _("7 days")),
        (30, _("30 days")),
        (DEFAULT_DAYS, _("90 days")),
        (180, _("180 days")),
        (MOST_DAYS, _("one year")),
    ]
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("What you use it for: “cluster”, “laptop”."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, f"{scope} — {meaning}") for scope, meaning in SCOPES.items()],
        initial=["datasets:read", "licenses:read", "download"],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_in_days = forms.TypedChoiceField(
        label=_("It works for"), choices=LIFETIMES, coerce=int, initial=DEFAULT_DAYS
    )
    is_service = forms.BooleanField(
        label=_("A service key: a program uses it, no single person"),
        required=False,
        help_text=_("Some licenses count service keys apart from the people who have a seat."),
    )
