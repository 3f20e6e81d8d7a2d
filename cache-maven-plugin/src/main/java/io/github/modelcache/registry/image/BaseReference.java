package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.oci.RegistryAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a base image, as container tools write it.
 *
 * @param registry where it is
 * @param repository its name in that registry
 * @param tag {@code latest} if the name has none
 * @param digest if the name has one; the tag is not used then
 * @see <a href="https://github.com/distribution/reference">The grammar of image names</a>
 */
public record BaseReference(RegistryAddress registry, String repository, String tag, Optional<Digest> digest) {

    private static final String DOCKER_HUB = "docker.io";
    /** It may hold a password, which is not printed. */
    private static final String LOGIN = "^.*@(?!(?:sha\\d+|md5):)";

    private static final Pattern NAME = Pattern.compile(
            "(?<host>(?:localhost|[^/:@]*\\.[^/:@]*|[^/:@]+(?=:\\d+/)|\\[[0-9a-fA-F:]+])(?::\\d+)?/)?(?<path>[^:@]+)"
                    + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

    /**
     * Reads a name such as {@code busybox:1.37} or {@code registry.example.com/tools/busybox@sha256:…}.
     *
     * @throws IllegalArgumentException if it is not a name of an image
     */
    public static BaseReference parse(String text) {
        Matcher name = NAME.matcher(text.strip());
        if (!name.matches() || !RegistryAddress.isRepository(name.group("path"))) {
            throw new IllegalArgumentException("cache.image.base is '" + text.replaceFirst(LOGIN, "…@")
                    + "', expected an image such as" + " busybox:1.37 or registry.example.com/tools/busybox@sha256:…");
        }
        Optional<String> host = Optional.ofNullable(name.group("host"));
        String path = name.group("path");
        String address = host.map(part -> part.substring(0, part.length() - 1)).orElse(DOCKER_HUB);
        boolean official = address.equals(DOCKER_HUB) && path.indexOf('/') < 0;
        return new BaseReference(
                RegistryAddress.parse(address),
                official ? "library/" + path : path,
                Optional.ofNullable(name.group("tag")).orElse("latest"),
                Optional.ofNullable(name.group("digest")).map(Digest::parse));
    }

    @Override
    public String toString() {
        return registry.display(repository) + digest.map(each -> "@" + each).orElse(":" + tag);
    }
}
