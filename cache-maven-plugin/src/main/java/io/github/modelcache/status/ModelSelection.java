package io.github.modelcache.status;

import io.github.modelcache.model.FilePatterns;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which models a status lists, and in which order.
 *
 * @param limit the number of models to list; 0 lists all
 * @param include patterns of references; empty means all
 */
public record ModelSelection(Order order, int limit, List<String> include) {

    /** All models, largest first. */
    public static final ModelSelection ALL = new ModelSelection(Order.SIZE, 0, List.of());

    /** Copies the list and checks the limit. */
    public ModelSelection {
        include = List.copyOf(include);
        if (limit < 0) {
            throw new IllegalArgumentException("cache.limit is " + limit + ", expected 0 or more");
        }
    }

    /** The order of models. */
    public enum Order {
        /** By reference. */
        NAME,
        /** Largest first. */
        SIZE,
        /** Least recently used first; models without a time first. */
        USED;

        private Comparator<CacheStatus.Model> comparator() {
            Comparator<CacheStatus.Model> byName = Comparator.comparing(CacheStatus.Model::model);
            return switch (this) {
                case NAME -> byName;
                case SIZE ->
                    Comparator.comparingLong(CacheStatus.Model::bytes)
                            .reversed()
                            .thenComparing(byName);
                case USED ->
                    Comparator.comparing((CacheStatus.Model model) ->
                                    model.lastUsed().orElse(Instant.MIN))
                            .thenComparing(byName);
            };
        }

        private static Order parse(String text) {
            return Arrays.stream(values())
                    .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("cache.sort is '" + text + "', expected name, size or used"));
        }
    }

    /**
     * Reads what users type.
     *
     * @param include patterns with commas between them; blank means all
     * @throws IllegalArgumentException naming the parameter, what was found and what is expected
     */
    public static ModelSelection parse(String sort, int limit, String include) {
        List<String> patterns = Stream.of(include.split(","))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
        return new ModelSelection(Order.parse(sort), limit, patterns);
    }

    /** The models to list. */
    List<CacheStatus.Model> of(CacheStatus status) {
        FilePatterns patterns = new FilePatterns(include, List.of());
        return status.models().stream()
                .filter(model -> include.isEmpty() || patterns.wants(model.model()))
                .sorted(order.comparator())
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .toList();
    }
}
