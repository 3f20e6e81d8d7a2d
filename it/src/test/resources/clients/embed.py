"""Compares what a model gives from the cache with what the package's own copy gives: embed.py <repository> <folder>"""

import json
import sys

from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer

repository, own = sys.argv[1:]
sentences = ["Maven builds models.", "The cache is warm."]


def embedding(name):
    return SentenceTransformer(name, device="cpu").encode(sentences)


def hidden(name):
    tokens = AutoTokenizer.from_pretrained(name)(sentences[0], return_tensors="pt")
    return AutoModel.from_pretrained(name)(**tokens).last_hidden_state.detach().numpy()


cached, original = embedding(repository), embedding(own)
print(json.dumps({
    "dimensions": int(cached.shape[1]),
    "length": float((cached[0] ** 2).sum()),
    "embeddingDifference": float(abs(cached - original).max()),
    "hiddenDifference": float(abs(hidden(repository) - hidden(own)).max()),
}))
