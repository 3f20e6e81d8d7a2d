"""silero-vad by torch.hub, and by its own package:

silero.py zip <file>   packs what the package carries as GitHub packs the repository
silero.py fetch <url>  lets torch.hub fetch and unpack that, from there instead of from github.com
silero.py hub          tells what the model of torch.hub's cache hears
silero.py package      tells what the model of the package hears
"""

import json
import os
import sys
import zipfile

import torch

REPOSITORY = "snakers4/silero-vad:v6"
HUBCONF = """
dependencies = ["torch", "packaging"]

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "src"))
from silero_vad.utils_vad import get_speech_timestamps, init_jit_model


def silero_vad():
    folder = os.path.join(os.path.dirname(__file__), "src", "silero_vad", "data")
    return init_jit_model(os.path.join(folder, "silero_vad.jit")), (get_speech_timestamps,)
"""


def pack(file):
    import silero_vad

    package = os.path.dirname(silero_vad.__file__)
    top = "snakers4-silero-vad-0123456/"
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = b"0123456789abcdef0123456789abcdef01234567"
        archive.writestr(top, "")
        archive.writestr(top + "hubconf.py", HUBCONF)
        for name in "__init__.py", "model.py", "utils_vad.py", "sequence_vad.py", "data/__init__.py", "data/silero_vad.jit":
            archive.write(os.path.join(package, name), top + "src/silero_vad/" + name)
    return {}


def fetch(url):
    torch.hub._git_archive_link = lambda owner, name, ref: url
    torch.hub.load(REPOSITORY, "silero_vad", trust_repo=True, skip_validation=True, verbose=False)
    return {}


def heard(model, timestamps):
    # A voice it is not, but a buzz with harmonics that comes and goes makes the numbers move.
    time = torch.arange(3 * 16000) / 16000
    buzz = sum(torch.sin(6.2832 * 140 * harmonic * time) / harmonic for harmonic in range(1, 12))
    sound = 0.2 * buzz * (torch.sin(6.2832 * 2 * time) > 0)
    with torch.no_grad():
        probabilities = [model(chunk, 16000).item() for chunk in sound.split(512) if len(chunk) == 512]
    import silero_vad

    return {
        "code": os.path.realpath(silero_vad.__file__),
        "probabilities": probabilities,
        "speech": timestamps(sound, model, threshold=sum(probabilities) / len(probabilities)),
    }


def hub():
    # Neither a network nor an answer to a question is to be had.
    model, (timestamps,) = torch.hub.load(REPOSITORY, "silero_vad", verbose=False)
    return heard(model, timestamps)


def package():
    from silero_vad import get_speech_timestamps, load_silero_vad

    return heard(load_silero_vad(), get_speech_timestamps)


print(json.dumps({"zip": pack, "fetch": fetch, "hub": hub, "package": package}[sys.argv[1]](*sys.argv[2:])))
