package io.github.modelcache.inventory.usage;

import io.github.modelcache.units.ByteSize;
import java.util.List;
import java.util.Optional;

/**
 * The commands after which the caches are below a limit. Deleting declared models is no help if they alone exceed it: the next
 * build fetches them again.
 *
 * @param bytes of all caches
 * @param limit in bytes
 * @param unusedBytes bytes that deleting unused models frees; empty without a lock file
 */
public record BudgetAdvice(
        long bytes, long limit, long applicationBytes, Optional<Long> unusedBytes, long declaredBytes) {

    private static final String UNUSED = "mvn cache:clean -Dcache.scope=unused";
    private static final String METADATA = "mvn cache:clean -Dcache.scope=metadata";

    /**
     * The commands that together free enough. Application entries can't be fetched again, so undeclared models are deleted
     * first.
     *
     * @return empty if the declared models alone exceed the limit
     */
    public List<String> commands() {
        if (unusedBytes.isPresent() && bytes - unusedBytes.get() <= limit) {
            return List.of(UNUSED);
        }
        if (declaredBytes > limit) {
            return List.of();
        }
        String models = "mvn cache:clean -Dcache.scope=models -Dcache.keepSize=" + ByteSize.exact(limit);
        if (declaredBytes + applicationBytes <= limit) {
            return List.of(models);
        }
        return bytes - applicationBytes <= limit ? List.of(METADATA) : List.of(METADATA, models);
    }
}
