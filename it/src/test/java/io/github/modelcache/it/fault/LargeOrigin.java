package io.github.modelcache.it.fault;

import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.testing.RangeServer;
import io.github.modelcache.testing.RangeServer.Asked;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Where a file comes from that is so large that it is fetched in segments, over several connections at once. */
final class LargeOrigin implements AutoCloseable {
    private static final String PATH = "/large.bin";
    private static final int BYTES = 40 << 20;
    private static final int SEGMENT = 16 << 20;
    private static final int CHUNK = 1 << 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(30);
    private static final String TAG = "ETag: \"large\"";

    private final byte[] content = ModelContent.of(6, BYTES);
    private final RangeServer server = new RangeServer(content);

    /** A config that declares the file. */
    Config config() {
        return Config.empty().url(server.uri(PATH), ModelContent.sha256(content), "large/large.bin");
    }

    /** Sends what is asked for, slowly enough to be interrupted. */
    void honest() {
        server.on(PATH, LargeOrigin::slowly);
    }

    /** Has lost the middle of the file, so that its start and its end arrive. */
    void withoutItsMiddle() {
        server.on(PATH, asked -> {
            if (asked.from() == SEGMENT) {
                asked.status(404);
            } else {
                slowly(asked);
            }
        });
    }

    /** Sends the whole file to who asks for all of it, and to three of four others something else than they asked for. */
    void lying() {
        server.on(PATH, asked -> {
            int lie = asked.from() < 0 ? 0 : asked.number() % 4;
            switch (lie) {
                case 1 -> asked.part(asked.from() + 1, asked.to(), BYTES, asked.to() - asked.from() - 1, TAG);
                case 2 -> asked.forged(TAG);
                case 3 -> asked.whole("ETag: \"other\"");
                default -> slowly(asked);
            }
        });
    }

    private static void slowly(Asked asked) throws IOException {
        asked.slowly(CHUNK, PAUSE, TAG, "Accept-Ranges: bytes");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
