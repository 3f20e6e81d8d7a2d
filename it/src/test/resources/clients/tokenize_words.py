"""Tells what a model's tokenizer and config say, by transformers: tokenize_words.py <repository> <text>"""

import json
import sys

from transformers import AutoConfig, AutoTokenizer

repository, text = sys.argv[1:]
print(json.dumps({
    "ids": AutoTokenizer.from_pretrained(repository)(text)["input_ids"],
    "hidden": AutoConfig.from_pretrained(repository).hidden_size,
}))
