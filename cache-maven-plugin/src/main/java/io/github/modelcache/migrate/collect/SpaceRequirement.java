package io.github.modelcache.migrate.collect;

import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.Volume;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The bytes to copy to each disk: the roots of a project may be on several. */
final class SpaceRequirement {

    private final Map<Optional<Long>, Need> needs = new LinkedHashMap<>();

    private record Need(Path place, long bytes) {}

    /** Notes that bytes will be copied to a place. */
    void add(Path place, long bytes) throws IOException {
        if (bytes > 0) {
            needs.merge(
                    Volume.device(place),
                    new Need(place, bytes),
                    (one, more) -> new Need(one.place(), one.bytes() + more.bytes()));
        }
    }

    /** The bytes to be copied in all. */
    long bytes() {
        return needs.values().stream().mapToLong(Need::bytes).sum();
    }

    /** Fails when a disk is too small. */
    void require() throws IOException {
        for (Need need : needs.values()) {
            long usable = DiskSpace.usable(need.place());
            if (need.bytes() > usable) {
                throw new IOException("No space left on device: "
                        + ByteSize.format(need.bytes()) + " must be copied to the disk of " + need.place()
                        + ", which has "
                        + ByteSize.format(usable) + ". Nothing was changed");
            }
        }
    }
}
