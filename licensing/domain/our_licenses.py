"""This marketplace's own licenses: full texts of ours, filled in by an offer's parameters."""

from licensing.domain.actions import ACTION_CODES
from licensing.domain.template import Template
from licensing.domain.terms import PROHIBIT, Audience, Promises, terms_json

OURS = Promises(
    prohibited_uses=("reidentify", "voiceClone", "unlawful"),
    delete_on_withdrawal="P30D",
    revocability=("breach", "consent_withdrawal"),
)
EVALUATION = ("access", "evaluate")
TRAINING_STAYS = ("redistribute", "embedRag", "synthesize", "releaseWeights")

OUR_LICENSES = (
    Template(
        "LicenseRef-DC-RESEARCH-1.0",
        "Research License",
        "Universities and non-profit organizations may use the data for research that is not commercial.",
        "1.0",
        "DC-RESEARCH-1.0.txt",
        "",
        terms_json(
            prohibit=("redistribute", "synthesize"),
            commercial=PROHIBIT,
            attribute=True,
            audience=Audience(purposes=("research",), licensee_types=("academic", "nonprofit")),
            promises=OURS,
        ),
    ),
    Template(
        "LicenseRef-DC-TRAIN-COMM-1.0",
        "Commercial Training License",
        "Anybody may train models on the data, also for money. The data itself stays with the licensee.",
        "1.0",
        "DC-TRAIN-COMM-1.0.txt",
        "",
        terms_json(prohibit=TRAINING_STAYS, attribute=True, promises=OURS),
    ),
    Template(
        "LicenseRef-DC-EVAL-ONLY-1.0",
        "Evaluation License",
        "Anybody may test and compare models with the evaluation part of the data, and do nothing else with it.",
        "1.0",
        "DC-EVAL-ONLY-1.0.txt",
        "",
        terms_json(prohibit=[code for code in ACTION_CODES if code not in EVALUATION], promises=OURS),
    ),
    Template(
        "LicenseRef-DC-OPENWEIGHTS-1.0",
        "Open Weights License",
        "Anybody may train models on the data and publish their weights. The data itself stays with the licensee.",
        "1.0",
        "DC-OPENWEIGHTS-1.0.txt",
        "",
        terms_json(prohibit=["redistribute"], attribute=True, promises=OURS),
    ),
    Template(
        "LicenseRef-DC-RAG-1.0",
        "Search and Answers License",
        "A model may look things up in the data and answer with it. Training is not included.",
        "1.0",
        "DC-RAG-1.0.txt",
        "",
        terms_json(
            prohibit=("train", "trainGenerative", "fineTune", "synthesize", "redistribute", "releaseWeights"),
            attribute=True,
            promises=OURS,
        ),
    ),
    Template(
        "LicenseRef-DC-LIVE-SUBSCRIPTION-1.0",
        "Live Subscription License",
        "The data and each new version of it, for as long as the subscription is paid.",
        "1.0",
        "DC-LIVE-SUBSCRIPTION-1.0.txt",
        "",
        terms_json(prohibit=TRAINING_STAYS, attribute=True, promises=OURS),
    ),
    Template(
        "LicenseRef-DC-EXCLUSIVE-1.0",
        "Exclusive License",
        "Nobody else gets a license for the same uses, fields and countries during the same time.",
        "1.0",
        "DC-EXCLUSIVE-1.0.txt",
        "",
        terms_json(prohibit=("redistribute", "synthesize"), attribute=True, promises=OURS),
    ),
    Template(
        "LicenseRef-DC-STEWARDED-1.0",
        "Stewarded License",
        "The community behind the data approves each use, for one purpose, and looks at it again.",
        "1.0",
        "DC-STEWARDED-1.0.txt",
        "",
        terms_json(prohibit=TRAINING_STAYS, commercial=PROHIBIT, attribute=True, promises=OURS),
    ),
)
