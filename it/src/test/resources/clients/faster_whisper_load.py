"""Compares what a model computes from the cache with what a folder's does: faster_whisper_load.py <size> <folder> [<local files only>]"""

import json
import sys

import numpy
from faster_whisper import WhisperModel

size, folder = sys.argv[1:3]
offline = len(sys.argv) > 3
sound = numpy.sin(numpy.arange(16000, dtype=numpy.float32) / 20)


def encoded(name, **options):
    model = WhisperModel(name, device="cpu", compute_type="float32", cpu_threads=1, **options)
    return numpy.array(model.encode(model.feature_extractor(sound, padding=True)[:, :3000]))


cached, original = encoded(size, local_files_only=offline), encoded(folder)
print(json.dumps({
    "numbers": int(cached.size),
    "spread": float(cached.std()),
    "difference": float(abs(cached - original).max()),
}))
