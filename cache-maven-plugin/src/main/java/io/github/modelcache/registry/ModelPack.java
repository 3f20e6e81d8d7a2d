package io.github.modelcache.registry;

/**
 * The names in a model's manifest.
 *
 * @see <a href="https://github.com/modelpack/model-spec/blob/main/docs/spec.md">ModelPack</a>
 */
final class ModelPack {

    static final String ARTIFACT_TYPE = "application/vnd.cncf.model.manifest.v1+json";
    static final String CONFIG_TYPE = "application/vnd.cncf.model.config.v1+json";
    static final String PATH = "org.cncf.model.filepath";
    static final String TITLE = "org.opencontainers.image.title";
    static final String LICENSES = "org.opencontainers.image.licenses";
    static final String OWN = "io.github.modelcache.";
    static final String MODEL = OWN + "model";
    static final String REVISION = OWN + "revision";
    static final String ROOT = OWN + "root";
    static final String EMPTY_FILES = OWN + "empty-files";

    private ModelPack() {}
}
