"""Train a classifier of texts on a stream: nothing is kept on disk, and one batch at a time is learned from.

    pip install datasets scikit-learn
    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scopes "read datasets" and "download"
    python train_text_streaming.py organization/dataset --text text --label language

All configs of the dataset are read as one. About one text in ten is kept for testing; the accuracy is of those.
"""

import argparse
import os
import sys
import zlib

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

# After the check: importing them fixes the address.
from datasets import concatenate_datasets, get_dataset_config_names, load_dataset
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

BATCH, BUFFER = 64, 10_000


def main(repo, revision, text, label, epochs):
    rows = stream(repo, revision).select_columns([text, label])
    classes = sorted({row[label] for row in rows})  # a learner in steps must know them before the first
    print("labels:", ", ".join(map(str, classes)))
    train = rows.filter(lambda row: not for_testing(row[text])).shuffle(seed=7, buffer_size=BUFFER)
    test = rows.filter(lambda row: for_testing(row[text]))

    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(1, 3), n_features=2**16)
    model = SGDClassifier(loss="log_loss", random_state=7)
    for epoch in range(epochs):
        train.set_epoch(epoch)  # another order each time, and the same one in each run
        learned = 0
        for batch in train.iter(batch_size=BATCH):
            model.partial_fit(letters.transform(batch[text]), batch[label], classes=classes)
            learned += len(batch[text])
        tested = right = 0
        for batch in test.iter(batch_size=BATCH):
            right += int((model.predict(letters.transform(batch[text])) == batch[label]).sum())
            tested += len(batch[text])
        print(f"epoch {epoch + 1}: learned from {learned} rows, accuracy {right / tested:.4f} on {tested} others")


def stream(repo, revision):
    configs = get_dataset_config_names(repo, revision=revision)
    parts = [load_dataset(repo, each, split="train", revision=revision, streaming=True) for each in configs]
    print(f"{repo} at {revision}: {len(configs)} config(s), columns {', '.join(parts[0].column_names)}")
    return concatenate_datasets(parts)


def for_testing(text):
    """By what it says, so that a text is on the same side in every run and every version."""
    return zlib.crc32(text.encode()) % 10 == 0


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Train a classifier of texts on a stream.")
    asked.add_argument("repo")
    asked.add_argument("--revision", default="main", help="a tag, as v1.0.0, makes a run repeatable")
    asked.add_argument("--text", default="text", help="the column to learn from")
    asked.add_argument("--label", default="language", help="the column to learn")
    asked.add_argument("--epochs", type=int, default=5)
    main(**vars(asked.parse_args()))
