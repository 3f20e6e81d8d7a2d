"""Writes a tiny model of faster-whisper with random weights: faster_whisper_make.py <folder>"""

import json
import os
import sys

import numpy
from ctranslate2.specs import WhisperSpec
from tokenizers import Tokenizer, models

folder = sys.argv[1]
WIDTH, INNER, MELS, FRAMES, POSITIONS = 16, 32, 80, 1500, 448
TOKENS = ["hello", "world", "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>",
          "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>", "<|0.00|>"]
random = numpy.random.default_rng(7)


def weights(*shape):
    return random.standard_normal(shape, dtype=numpy.float32) * numpy.float32(0.1)


def linear(layer, outputs, inputs):
    layer.weight, layer.bias = weights(outputs, inputs), weights(outputs)


def norm(layer):
    layer.gamma, layer.beta = numpy.ones(WIDTH, numpy.float32), weights(WIDTH)


def feed_forward(layer):
    norm(layer.layer_norm)
    linear(layer.linear_0, INNER, WIDTH)
    linear(layer.linear_1, WIDTH, INNER)


def attention(layer, *outputs):
    norm(layer.layer_norm)
    for part, width in zip(layer.linear, outputs):
        linear(part, width, WIDTH)


spec = WhisperSpec(1, 2, 1, 2)
for convolution, inputs in (spec.encoder.conv1, MELS), (spec.encoder.conv2, WIDTH):
    convolution.weight, convolution.bias = weights(WIDTH, inputs, 3), weights(WIDTH)
for part, positions in (spec.encoder, FRAMES), (spec.decoder, POSITIONS):
    part.position_encodings.encodings = weights(positions, WIDTH)
    norm(part.layer_norm)
    attention(part.layer[0].self_attention, 3 * WIDTH, WIDTH)
    feed_forward(part.layer[0].ffn)
attention(spec.decoder.layer[0].attention, WIDTH, 2 * WIDTH, WIDTH)
spec.decoder.embeddings.weight = weights(len(TOKENS), WIDTH)
spec.decoder.projection.weight = weights(len(TOKENS), WIDTH)
spec.register_vocabulary(TOKENS)
spec.validate()
os.makedirs(folder)
spec.save(folder)

tokenizer = Tokenizer(models.WordLevel({token: number for number, token in enumerate(TOKENS)}, unk_token="hello"))
tokenizer.save(os.path.join(folder, "tokenizer.json"))
with open(os.path.join(folder, "preprocessor_config.json"), "w") as file:
    json.dump({"feature_size": MELS}, file)
with open(os.path.join(folder, "README.md"), "w") as file:
    file.write("Random numbers.\n")
