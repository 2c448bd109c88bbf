"""Train a recognizer of spoken digits, or of any labels on short recordings, from a stream of licensed audio.

    pip install datasets scikit-learn soundfile
    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scopes "read datasets" and "download"
    python train_spoken_digits.py organization/dataset --label digit

Every recording is turned into a few numbers when it comes; none is kept. One in five is for testing.
"""

import argparse
import io
import os
import sys
import zlib

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

# After the check: importing it fixes the address.
import numpy as np
import soundfile
from datasets import Audio, load_dataset
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

FRAME, STEP, BANDS, CEPSTRA, SLICES = 256, 80, 32, 14, 16


def main(repo, revision, audio, label):
    rows = load_dataset(repo, split="train", revision=revision, streaming=True)
    rows = rows.select_columns([audio, label]).cast_column(audio, Audio(decode=False))  # the file, as it was recorded
    heard = {"train": ([], []), "test": ([], [])}
    for row in rows:
        clip = row[audio]["bytes"]
        numbers, labels = heard["test" if zlib.crc32(clip) % 5 == 0 else "train"]
        numbers.append(features(clip))
        labels.append(str(row[label]))
    (train_x, train_y), (test_x, test_y) = heard.values()
    print(f"{repo} at {revision}: {len(train_y) + len(test_y)} recordings, labels {', '.join(sorted(set(train_y)))}")
    model = make_pipeline(StandardScaler(), SVC(C=10, gamma="scale")).fit(np.stack(train_x), train_y)
    accuracy = model.score(np.stack(test_x), test_y)
    print(f"learned from {len(train_y)} recordings, accuracy {accuracy:.4f} on {len(test_y)} others")


def features(clip):
    """Mel cepstra, averaged over SLICES equal stretches of time, so that every clip gives as many numbers."""
    sound, rate = soundfile.read(io.BytesIO(clip), dtype="float32", always_2d=True)
    sound = sound.mean(axis=1)
    padded = np.pad(sound, (0, max(0, FRAME + SLICES * STEP - len(sound))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::STEP] * np.hanning(FRAME)
    cepstra = np.log(np.abs(np.fft.rfft(frames)) ** 2 @ mel_filters(rate).T + 1e-8) @ cosines().T
    return np.concatenate([part.mean(axis=0) for part in np.array_split(cepstra, SLICES)])


def mel_filters(rate):
    """Triangles of equal width on the mel scale, as weights over the bins of the power spectrum."""
    edges = 700 * (10 ** (np.linspace(0, np.log10(1 + rate / 2 / 700), BANDS + 2)) - 1)
    bins = np.linspace(0, rate / 2, FRAME // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


def cosines():
    """The first CEPSTRA rows of the discrete cosine transform."""
    return np.cos(np.pi / BANDS * np.outer(np.arange(CEPSTRA), np.arange(BANDS) + 0.5))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Train a recognizer of short recordings.")
    asked.add_argument("repo")
    asked.add_argument("--revision", default="main", help="a tag, as v1.0.0, makes a run repeatable")
    asked.add_argument("--audio", default="audio", help="the column with the recordings")
    asked.add_argument("--label", default="digit", help="the column to learn")
    main(**vars(asked.parse_args()))
