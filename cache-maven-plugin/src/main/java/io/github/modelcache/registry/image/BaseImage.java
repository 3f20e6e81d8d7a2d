package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.oci.Registry;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The image below the models: its layers come first, and its settings, such as the command, are kept.
 *
 * @param labels that name it, in the order of the image's bytes
 * @param platforms what the image is made for
 */
record BaseImage(SortedMap<String, String> labels, List<Platform> platforms) {

    /** The architectures of an image; the other ones of a base are left out. */
    static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

    /** No base: the image has files of models only. */
    static final BaseImage NONE = new BaseImage(
            new TreeMap<>(), ARCHITECTURES.stream().map(BaseImage::empty).toList());

    BaseImage {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        platforms = List.copyOf(platforms);
    }

    /**
     * An image for one platform.
     *
     * @param description of the platform, as in an index
     * @param config the image's config
     * @param layers the lowest first
     */
    record Platform(JsonObject description, JsonObject config, List<Layer> layers) {
        Platform {
            layers = List.copyOf(layers);
        }
    }

    /**
     * A layer.
     *
     * @param type its media type
     * @param diffId the digest of its tar file before compression
     */
    record Layer(String type, Digest diffId, Registry.Blob blob) {}

    private static Platform empty(String architecture) {
        JsonObject linux = JsonObject.builder()
                .put("architecture", architecture)
                .put("os", "linux")
                .build();
        return new Platform(linux, linux, List.of());
    }
}
