"""The words of the SDK beside ours: tasks, licenses, visibilities. Lists of its version 0.7.0."""

TASKS = (
    *("N/A", "NLP", "ASR", "LID", "TTS", "MT", "LM", "LLM", "NLU", "NLG", "CALL", "RAG", "CV", "ML", "OTH"),
)  # fmt: skip
LICENSES = frozenset(
    {
        "Apache-2.0", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-ND-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-SA-4.0",
        "CC-SA-1.0", "CC0-1.0", "EUPL-1.2", "AGPL-3.0", "GFDL-1.3", "GPL-3.0", "LGPLLR", "MIT", "MPL-2.0", "NLOD-2.0",
        "NOODL-1.0", "ODC-By-1.0", "ODbL-1.0", "OGL-Canada-2.0", "OGL-UK-3.0", "OPUBL-1.0", "OGDL-Taiwan-1.0",
        "Unlicense",
    }
)  # fmt: skip
VISIBILITIES = ("public", "restricted", "private")

# Ours are those of the Hugging Face Hub. What is in no line is `OTH`; no task at all is `N/A`.
HUB_TASKS: dict[str, tuple[str, ...]] = {
    "ASR": ("automatic-speech-recognition",),
    "TTS": ("text-to-speech", "text-to-audio"),
    "LID": ("language-identification",),
    "MT": ("translation",),
    "LM": ("fill-mask", "language-modeling"),
    "LLM": ("text-generation",),
    "NLU": ("question-answering", "zero-shot-classification", "sentence-similarity"),
    "NLG": ("summarization", "text2text-generation"),
    "NLP": ("text-classification", "token-classification"),
    "RAG": ("text-retrieval", "document-question-answering"),
    "CV": ("image-classification", "object-detection", "image-segmentation", "image-to-text"),
    "ML": ("tabular-classification", "tabular-regression", "audio-classification"),
}
_MDC_TASK = {hub: mdc for mdc, names in HUB_TASKS.items() for hub in names}
_AUDIO = ("ASR", "TTS", "LID", "CALL")

FORMATS = {"text": "CSV", "tabular": "CSV", "audio": "CSV + audio", "image": "CSV + images"}


def mdc_task(task: str) -> str:
    return _MDC_TASK.get(task, "OTH") if task else "N/A"


def hub_task(task: str) -> str:
    """Of the SDK's task; empty where ours has no such word."""
    return HUB_TASKS.get(task, ("",))[0]


def modality_of(task: str) -> str:
    """What a new dataset for this task holds, until its first version says it."""
    if task in _AUDIO:
        return "audio"
    return {"CV": "image", "ML": "tabular"}.get(task, "text")


def modalities_of(formats: list[str]) -> list[str]:
    return [modality for modality, name in FORMATS.items() if name in formats]
