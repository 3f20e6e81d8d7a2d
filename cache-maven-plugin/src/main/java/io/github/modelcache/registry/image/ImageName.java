package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.RegistryAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image lies in a registry.
 *
 * @param repository with the registry's prefix
 */
public record ImageName(String repository, String tag) {

    private static final String USUAL_REPOSITORY = "image";
    private static final int TAG_DIGITS = 12;
    private static final int LONGEST_REPOSITORY = 255;
    private static final Pattern NAME = Pattern.compile("([^:]*)(?::(.*))?", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /**
     * The name of an image of these models.
     *
     * @param given {@code repository:tag} or {@code repository}; the usual tag stands for names and contents of the models
     * @param models by their names
     * @throws IllegalArgumentException if registries don't allow the name
     */
    public static ImageName of(RegistryAddress registry, Optional<String> given, Map<String, ResolvedModel> models) {
        Matcher name = NAME.matcher(given.orElse(USUAL_REPOSITORY));
        if (!name.matches()) {
            throw wrong(given.orElse(""));
        }
        String repository = name.group(1);
        String tag = Optional.ofNullable(name.group(2))
                .orElseGet(() -> content(models).hex().substring(0, TAG_DIGITS));
        String whole = registry.repository(repository);
        boolean fits = RegistryAddress.isRepository(repository) && whole.length() <= LONGEST_REPOSITORY;
        if (!fits || !TAG.matcher(tag).matches()) {
            throw wrong(given.orElse(""));
        }
        return new ImageName(whole, tag);
    }

    private static IllegalArgumentException wrong(String given) {
        return new IllegalArgumentException("cache.image is '" + given + "', expected a name such as team/models:1.0:"
                + " lower-case letters, digits, and single '.', '_', '-' between them, then a tag of at most 128 letters,"
                + " digits, '.', '_', '-'; the registry's address is not part of it");
    }

    /** Stands for names, files and contents of the models. */
    static Digest content(Map<String, ResolvedModel> models) {
        MessageDigest digest = DigestAlgorithm.SHA256.start(0);
        models.forEach((name, model) -> {
            update(digest, List.of(name, model.reference().toString(), model.revision()));
            for (ModelFile file : model.files()) {
                update(
                        digest,
                        List.of(
                                file.path(),
                                String.valueOf(file.size()),
                                file.digest().orElseThrow().toString()));
            }
        });
        return Digest.of(DigestAlgorithm.SHA256, digest.digest());
    }

    private static void update(MessageDigest digest, List<String> parts) {
        digest.update((String.join("\0", parts) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return repository + ":" + tag;
    }
}
