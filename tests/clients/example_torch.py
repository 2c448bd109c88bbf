"""`make example-torch`: in an environment of its own, .clients/torch, which `make test-clients` does not build."""

from tests.clients.place import Place
from tests.clients.test_examples import EXAMPLES, TRAIN, learned_from, researcher, said


def test_pytorch_learns_from_a_stream(place: Place) -> None:
    lines = said(researcher(place, "torch", place.key), "train_with_torch.py", place.dataset, "--label", "lang")
    assert lines[0].startswith(f"{place.dataset} at main: ")
    assert lines[0].endswith(" shards for 2 workers")
    assert lines[1] == "labels: ar, en"
    learned, accuracy, others = learned_from(lines[-1])
    assert learned + others == len(TRAIN)
    assert others > 0
    assert accuracy == 1


def test_the_build_is_the_one_for_processors(place: Place) -> None:
    client = researcher(place, "torch", place.key)
    version, packages = client.python("""
        import importlib.metadata, torch
        tell([torch.__version__, [each.name for each in importlib.metadata.distributions()]])
    """)
    assert version == f"{locked()}+cpu"
    assert not [name for name in packages if name.startswith("nvidia")]


def locked() -> str:
    return (EXAMPLES / "train_with_torch.txt").read_text().partition("torch==")[2].split()[0]
