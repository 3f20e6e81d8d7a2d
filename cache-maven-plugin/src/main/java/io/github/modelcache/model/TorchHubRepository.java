package io.github.modelcache.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository on GitHub as {@code torch.hub.load} takes it: {@code owner/name}, or {@code owner/name@ref} where torch
 * writes {@code owner/name:ref}.
 *
 * @param ref a branch, tag or commit; without it torch takes the first of {@link #DEFAULT_BRANCHES} that exists
 * @see <a href="https://docs.pytorch.org/docs/stable/hub.html">torch.hub</a>
 */
public record TorchHubRepository(String owner, String name, Optional<String> ref) {

    /** The branches that torch tries by default, in this order. */
    public static final List<String> DEFAULT_BRANCHES = List.of("main", "master");

    private static final Pattern SYNTAX =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})(?:@(.+))?");
    private static final Pattern REF = Pattern.compile("[A-Za-z0-9_.+-]+(?:/[A-Za-z0-9_.+-]+)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    /** The first underscore ends the owner, who has none; where the ref begins is a guess. */
    private static final Pattern FOLDER = Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]*)_([A-Za-z0-9._-]+)_([^_]+)");

    private static final int LONGEST_REF = 100;

    /**
     * Reads what follows {@code torchhub:}.
     *
     * @throws IllegalArgumentException when GitHub could not have such a repository or ref
     */
    public static TorchHubRepository parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches() || isDots(matcher.group(2))) {
            throw new IllegalArgumentException("'" + text + "' is not a repository of torch.hub; write it as"
                    + " torchhub:owner/name or torchhub:owner/name@ref");
        }
        Optional<String> ref = Optional.ofNullable(matcher.group(3));
        ref.ifPresent(TorchHubRepository::requireRef);
        return new TorchHubRepository(matcher.group(1), matcher.group(2), ref);
    }

    /**
     * Checks the name of a branch or tag, or a commit.
     *
     * @throws IllegalArgumentException when it could be something else
     */
    public static void requireRef(String ref) {
        if (ref.length() > LONGEST_REF || !REF.matcher(ref).matches() || ref.contains("..")) {
            throw new IllegalArgumentException("'" + ref + "' is not a valid branch, tag or commit;"
                    + " expected letters, digits and . _ - + / of at most " + LONGEST_REF + " characters");
        }
    }

    /** Whether a ref is a whole commit: 40 hexadecimal digits. */
    public static boolean isCommit(String ref) {
        return COMMIT.matcher(ref).matches();
    }

    /** The model of a folder below {@code hub/}, by its name. */
    public static Optional<ModelReference> ofFolder(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches()
                ? Optional.of(new ModelReference(
                        "torchhub", matcher.group(1) + "/" + matcher.group(2) + "@" + matcher.group(3)))
                : Optional.empty();
    }

    /** The folder below {@code hub/} where torch looks for this ref. */
    public String folder(String chosen) {
        return owner + "_" + name + "_" + chosen.replace('/', '_');
    }

    /** Its name on GitHub: {@code owner/name}. */
    public String path() {
        return owner + "/" + name;
    }

    private static boolean isDots(String name) {
        return name.equals(".") || name.equals("..");
    }
}
