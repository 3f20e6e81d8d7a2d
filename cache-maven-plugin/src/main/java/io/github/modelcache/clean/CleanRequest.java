package io.github.modelcache.clean;

import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files a user wants to delete. Filters narrow the scope.
 *
 * @param scope what may be deleted
 * @param olderThan only what was not used for this time
 * @param keepSize delete until the caches have at most this many bytes
 * @param include only models whose reference matches one of these patterns; empty means all
 */
public record CleanRequest(
        CleanScope scope, Optional<Duration> olderThan, Optional<Long> keepSize, List<String> include) {

    private static final Pattern SCHEME = Pattern.compile("[a-z*?\\[][^:]*:.+");

    /** Copies the list. */
    public CleanRequest {
        include = List.copyOf(include);
        boolean models = scope == CleanScope.MODELS || scope == CleanScope.UNUSED;
        if (!models && keepSize.isPresent()) {
            throw new IllegalArgumentException("cache.keepSize chooses among models, and cache.scope is '" + scope.id()
                    + "'; use it with cache.scope=models or cache.scope=unused");
        }
        if (!models && !include.isEmpty()) {
            throw new IllegalArgumentException("cache.include names models, and cache.scope is '" + scope.id()
                    + "'; use it with cache.scope=models or cache.scope=unused");
        }
    }

    /** A whole scope. */
    public static CleanRequest of(CleanScope scope) {
        return new CleanRequest(scope, Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * Reads what users type.
     *
     * @param include patterns with commas between them
     * @throws IllegalArgumentException naming the parameter, what was found and what is expected
     */
    public static CleanRequest parse(
            String scope, @Nullable String olderThan, @Nullable String keepSize, @Nullable String include) {
        return new CleanRequest(
                CleanScope.parse(scope),
                read("cache.olderThan", olderThan, "an age such as 30d, 12h or 6mo", Age::parse),
                read("cache.keepSize", keepSize, "a size such as 10GB or 500MiB", ByteSize::parse),
                patterns(include));
    }

    /**
     * Reads what users type for one model. The usual scope stands for that of models.
     *
     * @throws IllegalArgumentException naming the parameter, what was found and what is expected
     */
    public static CleanRequest ofModel(
            String scope, @Nullable String olderThan, @Nullable String keepSize, String model) {
        ModelReference named = read("cache.model", model, "one model such as hf:org/name", ModelReference::parse)
                .orElseThrow();
        CleanScope typed = CleanScope.parse(scope);
        CleanRequest all =
                parse(typed == CleanScope.STALE ? CleanScope.MODELS.id() : typed.id(), olderThan, keepSize, null);
        // A bracket would begin a set of characters.
        return new CleanRequest(
                all.scope(),
                all.olderThan(),
                all.keepSize(),
                List.of(named.toString().replace("[", "[[]")));
    }

    private static <T> Optional<T> read(
            String parameter, @Nullable String text, String expected, Function<String, T> parser) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(parameter + " is '" + text + "', expected " + expected, e);
        }
    }

    private static List<String> patterns(@Nullable String include) {
        List<String> patterns = new ArrayList<>();
        if (include == null) {
            return patterns;
        }
        for (String pattern : include.split(",", -1)) {
            if (!SCHEME.matcher(pattern.strip()).matches()) {
                throw new IllegalArgumentException("cache.include is '" + include
                        + "', expected patterns of models with commas between them, such as hf:org/*");
            }
            patterns.add(pattern.strip());
        }
        return patterns;
    }

    /** Whether there is no filter. */
    boolean whole() {
        return olderThan.isEmpty() && keepSize.isEmpty() && include.isEmpty();
    }

    /** Whether the patterns match a model; without patterns all models match, also unknown ones. */
    boolean names(Optional<ModelReference> model) {
        return include.isEmpty()
                || model.map(ModelReference::toString)
                        .filter(new FilePatterns(include, List.of())::wants)
                        .isPresent();
    }

    /** The options that ask for the same, as users type them. */
    public String options() {
        StringBuilder options = new StringBuilder("-Dcache.scope=" + scope.id());
        olderThan.ifPresent(age -> options.append(" -Dcache.olderThan=")
                .append(
                        age.toSeconds() % Duration.ofDays(1).toSeconds() == 0
                                ? age.toDays() + "d"
                                : age.toSeconds() + "s"));
        keepSize.ifPresent(size -> options.append(" -Dcache.keepSize=").append(ByteSize.exact(size)));
        if (!include.isEmpty()) {
            options.append(" \"-Dcache.include=")
                    .append(String.join(",", include))
                    .append('"');
        }
        return options.toString();
    }
}
