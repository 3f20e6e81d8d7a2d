package io.github.modelcache.discover;

/** How a call interprets the name that it gets. */
enum ModelKind {
    /** A repository of the model hub. */
    HUB,
    /** A repository of the model hub. Only names with an owner count. */
    HUB_OWNED,
    /** A data set of the model hub. */
    DATASET,
    /** A repository of the model hub. A name without an owner belongs to sentence-transformers. */
    SENTENCE,
    /** A size of faster-whisper, or a repository of the model hub. */
    FASTER_WHISPER,
    /** A size of openai-whisper. */
    WHISPER,
    /** A repository of torch.hub. */
    TORCHHUB,
    /** A name of timm, which counts only if it names a repository of the model hub. */
    TIMM,
    /** A model of fastembed, which loads some of them from other repositories than their names say. */
    FASTEMBED,
    /** A bundle of torchaudio. */
    TORCHAUDIO,
    /** The URL of a PyTorch checkpoint. */
    TORCH,
    /** The URL of a file. */
    URL,
    /** A spaCy package. */
    SPACY,
    /** A model of ModelScope. */
    MODELSCOPE,
    /** A model of Ollama. */
    OLLAMA,
    /** A model of Ollama, named by a constant of Spring AI. */
    OLLAMA_CONSTANT,
    /** A model of the provider that the file imports. It counts if that is Ollama. */
    SPRING_AI,
    /** A Maven artifact. */
    MAVEN,
    /** A model that a service runs. It is never proposed. */
    HOSTED
}
