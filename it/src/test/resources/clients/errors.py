"""Tells which error each of these repositories gives: errors.py <repository>[@<revision>][:<file>] ..."""

import json
import sys

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import LocalEntryNotFoundError

names = {}
for asked in sys.argv[1:]:
    rest, _, file = asked.partition(":")
    repository, _, revision = rest.partition("@")
    try:
        hf_hub_download(repository, file or "config.json", revision=revision or None)
        names[asked] = "none"
    except Exception as error:
        # Some are told as "not in the cache either", and the hub's answer is the cause.
        names[asked] = type(error.__cause__ if isinstance(error, LocalEntryNotFoundError) else error).__name__
print(json.dumps(names))
