"""Structured license terms: the JSON that is stored and hashed, and the view of it that rules read.

An action is `permit`, `prohibit`, `duty` or `unspecified`; unspecified, or absent, is never permission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licensing.domain.actions import ACTION_CODES
from licensing.domain.vocabulary import countries_in

PERMIT, PROHIBIT, UNSPECIFIED, TIERED = "permit", "prohibit", "unspecified", "tiered"
ANYBODY = "*"
ATTRIBUTE_WHERE = "wherever the data or a model trained on it is described"


@dataclass(frozen=True)
class Terms:
    """What compatibility, blockers and plain words need to know of a license. `license_id` is an SPDX id.

    `dataset` names the data that is under it, where there is such data. A cap of None is no cap.
    """

    license_id: str
    actions: Mapping[str, str]
    commercial: str = UNSPECIFIED
    attribute: bool = False
    include_text: bool = False
    share_alike: frozenset[str] = frozenset()
    share_alike_reaches_model: bool = False
    prohibited_uses: tuple[str, ...] = ()
    purposes: tuple[str, ...] = (ANYBODY,)
    licensee_types: tuple[str, ...] = (ANYBODY,)
    delete_on_withdrawal: str = ""
    revocability: tuple[str, ...] = ()
    fields: tuple[str, ...] = (ANYBODY,)
    territory: tuple[str, ...] = (ANYBODY,)
    exclusive_actions: tuple[str, ...] = ()
    country_group: tuple[str, ...] = (ANYBODY,)
    dataset: str = ""
    seats: int | None = None
    compute_flop: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def source(self) -> str:
        """How reasons and duties name it."""
        return self.dataset or self.license_id

    def admits(self, licensee_type: str) -> bool:
        return ANYBODY in self.licensee_types or licensee_type in self.licensee_types

    def admits_country(self, country: str) -> bool:
        """Where the licensee is; an empty one is not known."""
        return ANYBODY in self.country_group or country in countries_in(self.country_group)

    def action(self, code: str) -> str:
        return self.actions.get(code, UNSPECIFIED)

    @property
    def permitted(self) -> tuple[str, ...]:
        return tuple(code for code in ACTION_CODES if self.action(code) == PERMIT)

    @property
    def prohibited(self) -> tuple[str, ...]:
        return tuple(code for code in ACTION_CODES if self.action(code) != PERMIT)

    @property
    def exclusive(self) -> bool:
        return bool(self.exclusive_actions)

    @property
    def only_evaluates(self) -> bool:
        """Such a license gives the evaluation split and nothing else."""
        return "evaluate" in self.permitted and set(self.permitted) <= {"access", "evaluate"}


@dataclass(frozen=True)
class Audience:
    """Who may use it, and for what."""

    purposes: tuple[str, ...] = (ANYBODY,)
    licensee_types: tuple[str, ...] = (ANYBODY,)


@dataclass(frozen=True)
class Promises:
    """What a licensee promises beyond attribution, and what ends the license. Public licenses ask for none."""

    prohibited_uses: tuple[str, ...] = ()
    delete_on_withdrawal: str | None = None
    revocability: tuple[str, ...] = ()


def terms_json(
    *,
    prohibit: Iterable[str] = (),
    commercial: str = PERMIT,
    attribute: bool = False,
    include_text: bool = False,
    share_alike: Iterable[str] = (),
    reach: str = "none",
    audience: Audience = Audience(),
    promises: Promises = Promises(),
) -> dict[str, Any]:
    """The whole terms object of a template: every action that is not listed as prohibited is permitted."""
    denied = set(prohibit)
    if unknown := denied - set(ACTION_CODES):
        raise ValueError(f"unknown actions: {sorted(unknown)}")
    return {
        "v": 1,
        "actions": {code: PROHIBIT if code in denied else PERMIT for code in ACTION_CODES},
        "prohibited_uses": {"codes": sorted(promises.prohibited_uses), "text": None},
        "scope": {
            "purpose": sorted(audience.purposes),
            "commercial": commercial,
            "field": [ANYBODY],
            "territory": [ANYBODY],
            "licensee_types": sorted(audience.licensee_types),
            "country_group": ANYBODY,
            "affiliates": False,
            "contractors": True,
        },
        "caps": dict.fromkeys(
            (
                "seats",
                "service_accounts",
                "models",
                "compute_flop",
                "model_parameters",
                "epochs",
                "downloads",
                "records",
            )
        ),
        "time": {
            "from": None,
            "to": None,
            "duration": None,
            "renewal": "none",
            "on_end": {"keep_trained_models": True, "delete_copies_by": "P30D"},
        },
        "duties": {
            "attribute": {"text": None, "where": ATTRIBUTE_WHERE} if attribute else None,
            "include_text": include_text,
            "share_alike": {"reach": reach, "targets": sorted(share_alike)},
            "notify": False,
            "report_usage": False,
            "benefit_share_pct": None,
            "delete_on_withdrawal": promises.delete_on_withdrawal,
            "security_level": "standard",
            "publish_results": False,
        },
        "outputs": {
            "ownership": "licensee",
            "no_regurgitation": bool(promises.revocability),
            "share_alike": False,
            "labeling": False,
        },
        "legal": {
            "revocability": sorted(promises.revocability) or ["none"],
            "notice": "P30D" if promises.revocability else None,
            "warranty": ["authority"] if promises.revocability else [],
            "indemnity": None,
            "law": None,
            "exclusivity": None,
        },
        "price": None,
    }


def terms_view(license_id: str, data: Mapping[str, Any]) -> Terms:
    """Read stored terms. What is missing reads as unspecified."""
    scope, duties = data.get("scope") or {}, data.get("duties") or {}
    share_alike, legal = duties.get("share_alike") or {}, data.get("legal") or {}
    caps, time = data.get("caps") or {}, data.get("time") or {}
    return Terms(
        license_id=license_id,
        actions=dict(data.get("actions") or {}),
        commercial=scope.get("commercial", UNSPECIFIED),
        attribute=bool(duties.get("attribute")),
        include_text=bool(duties.get("include_text")),
        share_alike=frozenset(share_alike.get("targets") or ()),
        share_alike_reaches_model=share_alike.get("reach") == "dataset+model",
        prohibited_uses=tuple((data.get("prohibited_uses") or {}).get("codes") or ()),
        purposes=tuple(scope.get("purpose") or ()),
        licensee_types=tuple(scope.get("licensee_types") or ()),
        delete_on_withdrawal=duties.get("delete_on_withdrawal") or "",
        revocability=tuple(legal.get("revocability") or ()),
        fields=tuple(scope.get("field") or ()),
        territory=tuple(scope.get("territory") or ()),
        country_group=tuple(scope.get("country_group") or (ANYBODY,)),
        exclusive_actions=tuple((legal.get("exclusivity") or {}).get("actions") or ()),
        seats=_whole(caps.get("seats")),
        compute_flop=_whole(caps.get("compute_flop")),
        starts_at=_moment(time.get("from")),
        ends_at=_moment(time.get("to")),
    )


def _whole(stored: str | int | None) -> int | None:
    """Large numbers are stored as strings (governance reference 2.3)."""
    return None if stored is None else int(stored)


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
