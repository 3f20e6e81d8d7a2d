"""A stage of a pipeline: loads a model with the library of its environment, and tells what its child and grandchild see.

stage.py hub <repository> <result>           huggingface_hub
stage.py torch <url> <result>                torch.hub
stage.py transformers <repository> <result>  transformers, as pinned in the environment
"""

import json
import os
import subprocess
import sys

CHILD = """
import json, os, subprocess, sys
inner = "import json, os; print(json.dumps(dict(os.environ)))"
grandchild = json.loads(subprocess.check_output([sys.executable, "-c", inner]))
print(json.dumps({"child": dict(os.environ), "grandchild": grandchild}))
"""


def hub(repository):
    import huggingface_hub

    snapshot = huggingface_hub.snapshot_download(repository)
    loaded = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(snapshot) for name in names)
    return "huggingface_hub " + huggingface_hub.__version__, loaded


def torch(url):
    import torch

    state = torch.hub.load_state_dict_from_url(url, map_location="cpu", progress=False, check_hash=True)
    return "torch " + torch.__version__, sum(tensor.numel() for tensor in state.values())


def transformers(repository):
    import transformers

    tokens = transformers.AutoTokenizer.from_pretrained(repository)("The cache is warm.", return_tensors="pt")
    hidden = transformers.AutoModel.from_pretrained(repository)(**tokens).last_hidden_state
    return "transformers " + transformers.__version__, hidden.numel()


kind, model, result = sys.argv[1:]
library, loaded = {"hub": hub, "torch": torch, "transformers": transformers}[kind](model)
told = json.loads(subprocess.check_output([sys.executable, "-c", CHILD]))
told.update({"library": library, "loaded": loaded, "interpreter": sys.prefix})
with open(result, "w") as file:
    json.dump(told, file)
