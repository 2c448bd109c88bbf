"""Train a classifier of texts with PyTorch: a DataLoader whose workers stream their own shards.

    pip install torch datasets --extra-index-url https://download.pytorch.org/whl/cpu    # PyTorch without CUDA
    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scopes "read datasets" and "download"
    python train_with_torch.py organization/dataset --text text --label language

In a checkout of this project, `make example-torch` does this in an environment of its own, .clients/torch.
"""

import argparse
import os
import sys
import zlib

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

# After the check: importing datasets fixes the address. After torch, its streams are what a DataLoader takes.
import torch
from datasets import concatenate_datasets, get_dataset_config_names, load_dataset
from torch.utils.data import DataLoader

BATCH, BUFFER, BUCKETS = 32, 10_000, 2**14


def main(repo, revision, text, label, epochs, workers):
    configs = get_dataset_config_names(repo, revision=revision)
    parts = [load_dataset(repo, each, split="train", revision=revision, streaming=True) for each in configs]
    rows = concatenate_datasets(parts).select_columns([text, label])
    classes = sorted({row[label] for row in rows})
    print(f"{repo} at {revision}: {rows.num_shards} shards for {workers} workers")
    print("labels:", ", ".join(map(str, classes)))

    def batch(rows):
        """The letters of all texts, one after the other; where each text begins; and its label's number."""
        letters = [trigrams(row[text]) for row in rows]
        starts = torch.tensor([0, *map(len, letters)][:-1]).cumsum(0)
        wanted = torch.tensor([classes.index(row[label]) for row in rows])
        return torch.tensor([each for row in letters for each in row]), starts, wanted

    def loader(chosen):
        return DataLoader(chosen, batch_size=BATCH, num_workers=min(workers, rows.num_shards), collate_fn=batch)

    train = rows.filter(lambda row: not for_testing(row[text])).shuffle(seed=7, buffer_size=BUFFER)
    test = rows.filter(lambda row: for_testing(row[text]))
    # What each bucket says for each label, nothing at first; a text says the mean of its buckets.
    model = torch.nn.EmbeddingBag.from_pretrained(torch.zeros(BUCKETS, len(classes)), freeze=False)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.5)
    for epoch in range(epochs):
        train.set_epoch(epoch)
        learned = 0
        for found, starts, wanted in loader(train):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(found, starts), wanted).backward()
            optimizer.step()
            learned += len(wanted)
        with torch.no_grad():
            right = torch.cat([model(found, starts).argmax(1) == wanted for found, starts, wanted in loader(test)])
        print(f"epoch {epoch + 1}: learned from {learned}, accuracy {right.float().mean():.4f} on {len(right)} others")


def trigrams(text):
    return [zlib.crc32(f" {text} "[at : at + 3].encode()) % BUCKETS for at in range(len(text))]


def for_testing(text):
    return zlib.crc32(text.encode()) % 10 == 0


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Train a classifier of texts with PyTorch.")
    asked.add_argument("repo")
    asked.add_argument("--revision", default="main", help="a tag, as v1.0.0, makes a run repeatable")
    asked.add_argument("--text", default="text", help="the column to learn from")
    asked.add_argument("--label", default="language", help="the column to learn")
    asked.add_argument("--epochs", type=int, default=6)
    asked.add_argument("--workers", type=int, default=2)
    main(**vars(asked.parse_args()))
