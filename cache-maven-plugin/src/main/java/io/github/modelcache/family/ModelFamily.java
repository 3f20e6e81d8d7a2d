package io.github.modelcache.family;

import io.github.modelcache.config.CacheConfig;
import java.util.function.Function;

/**
 * Models that one library stores in one way.
 *
 * @param scheme the start of their references, such as {@code hf} for {@code hf:org/name}
 * @param layout how they are stored; two families may share a layout with an equal class and root
 * @param source where they come from
 */
public record ModelFamily(
        String scheme, Function<CacheConfig, Layout> layout, Function<SourceContext, Source> source) {}
