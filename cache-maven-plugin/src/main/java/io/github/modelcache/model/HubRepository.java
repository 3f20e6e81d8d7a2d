package io.github.modelcache.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A repository of the model hub: {@code org/name}, {@code name} for the oldest ones, or {@code datasets/org/name}.
 *
 * @see <a href="https://huggingface.co/docs/hub/local-cache">The hub's local cache</a>
 */
public record HubRepository(Type type, String id) {

    /** The kinds of repositories. */
    public enum Type {
        /** A model. */
        MODEL("models"),
        /** A data set. */
        DATASET("datasets"),
        /** An application. */
        SPACE("spaces");

        private final String plural;

        Type(String plural) {
            this.plural = plural;
        }

        /** Its name in the hub's URLs and in the cache's folders. */
        public String plural() {
            return plural;
        }
    }

    /** The default branch of clients. */
    public static final String DEFAULT_REVISION = "main";

    private static final int LONGEST = 96;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?");

    /**
     * Reads what follows {@code hf:}.
     *
     * @throws IllegalArgumentException when the hub could not have a repository of this name
     */
    public static HubRepository parse(String text) {
        Type type = Type.MODEL;
        String id = text;
        for (Type other : Type.values()) {
            if (text.startsWith(other.plural() + "/")) {
                type = other;
                id = text.substring(other.plural().length() + 1);
            }
        }
        String[] segments = id.split("/", -1);
        boolean valid = segments.length <= 2 && id.length() <= LONGEST;
        for (String segment : segments) {
            valid &= SEGMENT.matcher(segment).matches() && !segment.contains("--") && !segment.contains("..");
        }
        if (!valid || id.toLowerCase(Locale.ROOT).endsWith(".git")) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a repository of the model hub; write it as hf:org/name or hf:datasets/org/name");
        }
        return new HubRepository(type, id);
    }

    /** The folder of its cache below the hub root: {@code models--org--name}. */
    public String folder() {
        return type.plural() + "--" + id.replace("/", "--");
    }

    /** Its path below the hub's API: {@code api/models/org/name}. */
    public String apiPath() {
        return "api/" + type.plural() + "/" + id;
    }

    /** Its path below the hub's address: {@code org/name}, {@code datasets/org/name}. */
    public String webPath() {
        return type == Type.MODEL ? id : type.plural() + "/" + id;
    }

    /** The reference that declares it. */
    public ModelReference reference() {
        return new ModelReference("hf", webPath());
    }
}
