package io.github.modelcache.it.client;

/** transformers 4 and a sentence-transformers that goes with it. */
@Client("transformers-4")
class Transformers4IT extends TransformersScenarios {}
