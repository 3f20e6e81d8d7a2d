package io.github.modelcache.oci;

/**
 * The names in the manifests of models and images.
 *
 * @see <a href="https://github.com/modelpack/model-spec/blob/main/docs/spec.md">ModelPack</a>
 */
public final class ModelPack {

    public static final String ARTIFACT_TYPE = "application/vnd.cncf.model.manifest.v1+json";
    public static final String CONFIG_TYPE = "application/vnd.cncf.model.config.v1+json";
    public static final String PATH = "org.cncf.model.filepath";
    public static final String TITLE = "org.opencontainers.image.title";
    public static final String LICENSES = "org.opencontainers.image.licenses";
    public static final String OWN = "io.github.modelcache.";
    public static final String MODEL = OWN + "model";
    public static final String REVISION = OWN + "revision";
    public static final String ROOT = OWN + "root";
    public static final String EMPTY_FILES = OWN + "empty-files";
    /** Of an image: its models with their revisions. */
    public static final String MODELS = OWN + "models";
    /** Of an image: a digest that stands for names, files and contents of its models. */
    public static final String LOCK = OWN + "lock";
    /** Of an image: the size in bytes from which a file has a layer of its own. */
    public static final String LARGE_BYTES = OWN + "large-file-bytes";
    /** Of a layer of an image: the folder of its model. */
    public static final String FOLDER = OWN + "folder";

    private ModelPack() {}
}
