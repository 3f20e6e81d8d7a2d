package io.github.modelcache.it.client;

/** transformers 5 and a sentence-transformers that goes with it. */
@Client("transformers-5")
class Transformers5IT extends TransformersScenarios {}
