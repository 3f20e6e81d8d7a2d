"""PyTorch's checkpoints: checkpoint.py make <folder> | checkpoint.py load <url>"""

import hashlib
import json
import os
import sys

import torch


def digest(state):
    whole = hashlib.sha256()
    for name in sorted(state):
        whole.update(name.encode() + state[name].numpy().tobytes())
    return whole.hexdigest()


def make(folder):
    torch.manual_seed(7)
    state = torch.nn.Sequential(torch.nn.Linear(128, 256), torch.nn.Linear(256, 4)).state_dict()
    os.makedirs(folder)
    file = os.path.join(folder, "tiny.pth")
    torch.save(state, file)
    with open(file, "rb") as content:
        name = "tiny-" + hashlib.sha256(content.read()).hexdigest()[:8] + ".pth"
    os.rename(file, os.path.join(folder, name))
    return {"name": name, "tensors": digest(state)}


def load(url):
    state = torch.hub.load_state_dict_from_url(url, map_location="cpu", progress=False, check_hash=True)
    return {"tensors": digest(state)}


print(json.dumps({"make": make, "load": load}[sys.argv[1]](sys.argv[2])))
