"""Download a licensed dataset with huggingface_hub: repo, target folder."""

import sys

from huggingface_hub import snapshot_download

if __name__ == "__main__":
    print(snapshot_download(sys.argv[1], repo_type="dataset", local_dir=sys.argv[2]))
