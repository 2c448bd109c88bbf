"""Load a licensed dataset with the `datasets` library, exactly as from the Hugging Face Hub.

    export HF_ENDPOINT=http://localhost:8000      # the site, without a slash at the end
    export HF_TOKEN=dck_live_…                    # an API key with the scope "download", from the site's keys page
    python load_with_datasets.py organization/dataset

The library reads both variables when it is imported, so set them before Python starts.
"""

import os
import sys

REPO = sys.argv[1] if len(sys.argv) > 1 else "common-ground/everyday-sentences"

for name in ("HF_ENDPOINT", "HF_TOKEN"):
    if not os.environ.get(name):
        sys.exit(f"Set {name} first. Without it, this would go to huggingface.co.")

from datasets import load_dataset  # after the check: importing it fixes the endpoint

rows = load_dataset(REPO, split="train", streaming=True)
print("columns:", ", ".join(rows.features))
count = 0
for row in rows:  # to the end: a reader that is left in the middle keeps a thread, which may outlive Python
    count += 1
    if count <= 3:
        print(row)
print(count, "rows")
