package io.github.modelcache.discover;

/** What a name means to the call that it is passed to. */
enum ModelKind {
    /** A repository of the model hub. */
    HUB,
    /** The same; without an owner it is something else. */
    HUB_OWNED,
    /** A data set of the model hub. */
    DATASET,
    /** A repository of the model hub, by default of sentence-transformers. */
    SENTENCE,
    /** A size of faster-whisper, or a repository of the model hub. */
    FASTER_WHISPER,
    /** A size of openai-whisper. */
    WHISPER,
    /** A repository of torch.hub. */
    TORCHHUB,
    /** A repository of the model hub, if the name says so; otherwise a name of the library's own. */
    TIMM,
    /** A model of fastembed, which fetches some from other repositories. */
    FASTEMBED,
    /** A bundle of torchaudio. */
    TORCHAUDIO,
    /** The address of a checkpoint of PyTorch. */
    TORCH,
    /** The address of a file. */
    URL,
    /** A package of spaCy. */
    SPACY,
    /** A model of ModelScope. */
    MODELSCOPE,
    /** A model of Ollama. */
    OLLAMA,
    /** A model of Ollama, by the name of a constant of Spring AI. */
    OLLAMA_CONSTANT,
    /** A model of the provider that the file imports, if that is Ollama. */
    SPRING_AI,
    /** An artifact of Maven. */
    MAVEN,
    /** The name of a model at a service, which is never fetched. */
    HOSTED
}
