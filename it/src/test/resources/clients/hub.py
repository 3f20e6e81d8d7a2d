"""Loads a repository with huggingface_hub and tells what it got: hub.py <repository> [<type> [<revision>]]"""

import hashlib
import json
import os
import sys

from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download

repository = sys.argv[1]
kind = sys.argv[2] if len(sys.argv) > 2 else "model"
revision = sys.argv[3] if len(sys.argv) > 3 else None
snapshot = snapshot_download(repository, repo_type=kind, revision=revision)
files = {}
for folder, _, names in os.walk(snapshot):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), snapshot).replace(os.sep, "/")
        single = hf_hub_download(repository, path, repo_type=kind, revision=revision)
        assert os.path.samefile(single, os.path.join(folder, name)), single
        with open(single, "rb") as content:
            files[path] = hashlib.sha256(content.read()).hexdigest()
found = scan_cache_dir()
print(json.dumps({
    "files": files,
    "repositories": {entry.repo_id: {"bytes": entry.size_on_disk, "files": entry.nb_files} for entry in found.repos},
    "warnings": [str(warning) for warning in found.warnings],
}))
