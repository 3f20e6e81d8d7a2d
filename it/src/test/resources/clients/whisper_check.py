"""openai-whisper's own table and file check:

whisper_check.py table                    tells its models and their addresses
whisper_check.py make <file>              writes a model with random weights in its format
whisper_check.py load <folder>            loads the model tiny from a folder
whisper_check.py load <folder> <sha256>   the same, if the table had this digest for it
"""

import hashlib
import json
import os
import sys

import torch
import whisper


def digest(model):
    whole = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        whole.update(name.encode() + tensor.float().numpy().tobytes())
    return whole.hexdigest()


def table():
    return whisper._MODELS


def make(file):
    torch.manual_seed(7)
    # As many layers and heads as the real one, which the table of alignment heads wants.
    dims = whisper.model.ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=48, n_audio_head=6, n_audio_layer=4,
        n_vocab=64, n_text_ctx=448, n_text_state=48, n_text_head=6, n_text_layer=4)
    model = whisper.model.Whisper(dims)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    os.makedirs(os.path.dirname(file))
    torch.save({"dims": vars(dims), "model_state_dict": model.state_dict()}, file)
    with open(file, "rb") as content:
        return {"sha256": hashlib.sha256(content.read()).hexdigest(), "tensors": digest(model)}


def load(folder, sha256=None):
    if sha256:
        whisper._MODELS["tiny"] = f"https://openaipublic.azureedge.net/main/whisper/models/{sha256}/tiny.pt"
    return {"tensors": digest(whisper.load_model("tiny", device="cpu", download_root=folder))}


print(json.dumps({"table": table, "make": make, "load": load}[sys.argv[1]](*sys.argv[2:])))
