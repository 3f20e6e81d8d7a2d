package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.RegistryAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a model lies in a registry. Registries know lower case only and few other characters; what had to be changed is
 * told apart by digits of the model's real name.
 *
 * @param repository such as {@code models/hf/systran/faster-whisper-base}
 * @param tag the revision; of a model of which only some files are wanted, with digits that stand for these
 */
public record ArtifactName(String repository, String tag) {

    private static final int DIGITS = 12;
    private static final int LONGEST_NAME = 160;
    private static final int LONGEST_TAG = 100;
    private static final Pattern FOREIGN = Pattern.compile("[^a-z0-9._-]+");
    private static final Pattern SEPARATORS = Pattern.compile("(?!__(?![._-]))(?!-+(?![._]))[._-]{2,}");
    private static final Pattern ENDS = Pattern.compile("^[._-]+|[._-]+$");
    private static final Pattern FOREIGN_IN_TAG = Pattern.compile("[^A-Za-z0-9._-]");
    private static final Pattern TAG_START = Pattern.compile("^[.-]+");

    public static ArtifactName of(RegistryAddress registry, ResolvedModel model) {
        return new ArtifactName(registry.repository(repository(model)), tag(model));
    }

    private static String repository(ResolvedModel model) {
        String wanted = model.reference().scheme() + "/"
                + model.reference().id().toLowerCase(Locale.ROOT).replace(':', '/');
        String name = Arrays.stream(wanted.split("/", -1))
                .map(ArtifactName::component)
                .filter(component -> !component.isEmpty())
                .collect(Collectors.joining("/"));
        if (name.equals(wanted) && name.length() <= LONGEST_NAME) {
            return name;
        }
        String shortened = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return ENDS.matcher(shortened.replaceAll("/+$", "")).replaceAll("") + "-"
                + digits(model.reference().toString());
    }

    private static String component(String text) {
        String known = FOREIGN.matcher(text).replaceAll("-");
        return ENDS.matcher(SEPARATORS.matcher(known).replaceAll("-")).replaceAll("");
    }

    private static String tag(ResolvedModel model) {
        String wanted = model.revision().replace(':', '-');
        String tag = TAG_START
                .matcher(FOREIGN_IN_TAG.matcher(wanted).replaceAll("_"))
                .replaceAll("_");
        if (!tag.equals(wanted) || tag.length() > LONGEST_TAG) {
            tag = tag.substring(0, Math.min(tag.length(), LONGEST_TAG)) + "-" + digits(model.revision());
        }
        boolean whole =
                model.request().include().isEmpty() && model.request().exclude().isEmpty();
        return whole ? tag : tag + "-" + digits(files(model));
    }

    /** Two projects that want different files of one revision must not take the tag from each other. */
    private static String files(ResolvedModel model) {
        return model.files().stream()
                .map(file -> file.path() + "\n" + digest(file) + "\n")
                .collect(Collectors.joining());
    }

    private static String digest(ModelFile file) {
        return file.digest().map(Digest::toString).orElse("");
    }

    private static String digits(String text) {
        return Hashing.digest(text.getBytes(StandardCharsets.UTF_8), DigestAlgorithm.SHA256)
                .hex()
                .substring(0, DIGITS);
    }
}
