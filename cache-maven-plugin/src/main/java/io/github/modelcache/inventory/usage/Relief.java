package io.github.modelcache.inventory.usage;

import io.github.modelcache.units.ByteSize;
import java.util.List;
import java.util.Optional;

/**
 * What brings the caches back below a size. Nothing that deletes declared models is proposed where they alone are above
 * it: the next build would fetch them again, and be where this one is.
 *
 * @param bytes what all caches hold
 * @param limit what they may hold
 * @param applicationBytes what the application caches hold of that
 * @param unusedBytes what deleting unused models frees; empty where nothing tells what is unused
 * @param declaredBytes what the declared models hold
 */
public record Relief(long bytes, long limit, long applicationBytes, Optional<Long> unusedBytes, long declaredBytes) {

    private static final String UNUSED = "mvn cache:clean -Dcache.scope=unused";
    private static final String METADATA = "mvn cache:clean -Dcache.scope=metadata";

    /**
     * The commands that together free enough. What the application caches hold can't be fetched again, so they are named
     * only where no model that is not declared can go instead.
     *
     * @return empty where the declared models alone need more
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
