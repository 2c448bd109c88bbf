"""What can be done with data, one code per action (governance reference 2.2), in words for people.

The order is the order in which people read them. `phrase` completes "You may …"; `question` is what a contributor is
asked before giving data.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    code: str
    phrase: str
    question: str


ACTIONS = (
    Action("access", "download and read the data", "Read the data"),
    Action("train", "train models on it", "Train models on it"),
    Action(
        "trainGenerative",
        "train models that generate text, sound or images",
        "Train models that generate text, sound or images",
    ),
    Action(
        "fineTune", "adapt an existing model with it (fine-tuning)", "Adapt an existing model with it (fine-tuning)"
    ),
    Action("evaluate", "test and compare models with it", "Test and compare models with it"),
    Action(
        "embedRag",
        "put it into a search index or let a model look things up in it (RAG)",
        "Put it into a search index or let a model look things up in it (RAG)",
    ),
    Action("synthesize", "make synthetic data from it", "Make synthetic data from it"),
    Action("annotate", "add labels and notes to it", "Add labels and notes to it"),
    Action("derive", "change it and make new datasets from it", "Change it and make new datasets from it"),
    Action("redistribute", "pass the data on to others", "Pass the data on to others"),
    Action(
        "releaseModelApi",
        "offer models trained on it as a service",
        "Offer models trained on it as a service to others",
    ),
    Action(
        "releaseWeights", "publish the weights of models trained on it", "Publish the weights of models trained on it"
    ),
)
ACTION_CODES = tuple(action.code for action in ACTIONS)
PHRASES = {action.code: action.phrase for action in ACTIONS}

# Uses that no license of ours permits, whatever its actions say.
PROHIBITED_USES = {
    "reidentify": "find out who the people in the data are",
    "voiceClone": "imitate the voice of a person in the data",
    "biometricId": "identify people by their voice or face",
    "surveillance": "watch or profile people",
    "weapons": "build weapons",
    "competingDataset": "sell a dataset that replaces this one",
    "unlawful": "break the law",
}

# Uses of a voice or a face. Nobody may allow them for a minor.
VOICE_AND_FACE = ("voiceClone", "biometricId")
PURPOSE_CODES = (*ACTION_CODES, *PROHIBITED_USES)
QUESTIONS = {action.code: action.question for action in ACTIONS} | {
    code: phrase.capitalize() for code, phrase in PROHIBITED_USES.items()
}
