"""Stream a licensed dataset and print how many rows came."""

import sys

from datasets import load_dataset

if __name__ == "__main__":
    stream = load_dataset(sys.argv[1], split="train", streaming=True)
    print(sum(1 for _ in stream.with_format("arrow").iter(batch_size=1)))
