package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The {@code index.json} of an OCI layout, which names manifests. */
final class FolderIndex {
    private static final String REF = "org.opencontainers.image.ref.name";
    /** Where the drive has no locks, another push may replace the index that was just written. */
    private static final int MOST_TRIES = 10;

    private final Path file;
    private final Path lock;

    FolderIndex(Path folder) {
        this.file = folder.resolve("index.json");
        this.lock = folder.resolve(".index.lock");
    }

    /** What an entry names. */
    Optional<Digest> digest(String name) throws IOException {
        return Optional.ofNullable(entries().get(name)).map(entry -> digest(entry.get("digest")));
    }

    /** Has a name mean this manifest. */
    void put(String name, Registry.Manifest manifest) throws IOException {
        Digest digest = manifest.digest();
        JsonObject entry = JsonObject.builder()
                .put("mediaType", manifest.type())
                .put("digest", digest.toString())
                .put("size", manifest.bytes().length)
                .putIfPresent("artifactType", manifest.artifactType())
                .put("annotations", JsonObject.builder().put(REF, name).build())
                .build();
        for (int i = 0; i < MOST_TRIES; i++) {
            try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
                Map<String, JsonObject> index = entries();
                index.put(name, entry);
                write(index);
                if (held.exclusive()) {
                    return;
                }
            }
            if (digest(name).equals(Optional.of(digest))) {
                return;
            }
        }
        throw new IOException(file + " is replaced by other pushes again and again; push again");
    }

    /** Creates an empty one where there is none. */
    void create() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try (ProcessLock held = ProcessLock.acquire(lock, () -> {})) {
            if (!held.exclusive() || !Files.exists(file)) {
                write(entries());
            }
        }
    }

    /** The entries by name; those of other tools, which may have no name, stay too. */
    private Map<String, JsonObject> entries() throws IOException {
        Map<String, JsonObject> entries = new TreeMap<>();
        if (!Files.exists(file)) {
            return entries;
        }
        try {
            if (JsonDocument.read(file).root() instanceof JsonObject root
                    && root.get("manifests") instanceof JsonArray manifests) {
                for (Json item : manifests.items()) {
                    if (item instanceof JsonObject entry) {
                        entries.put(name(entry), entry);
                    }
                }
                return entries;
            }
        } catch (JsonException e) {
            throw new TransferException(
                    TransferException.Kind.SERVER_ERROR, file + " is damaged: " + e.getMessage(), e);
        }
        throw new TransferException(
                TransferException.Kind.SERVER_ERROR, file + " is no index of an OCI layout; move it away");
    }

    private static String name(JsonObject entry) {
        if (entry.get("annotations") instanceof JsonObject annotations
                && annotations.get(REF) instanceof JsonString name) {
            return name.value();
        }
        return "\n" + JsonWriter.compact(entry);
    }

    private void write(Map<String, JsonObject> index) throws IOException {
        JsonObject text = JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", Registry.INDEX_TYPE)
                .put("manifests", JsonArray.of(index.values().stream().toList()))
                .build();
        AtomicFiles.write(file, JsonWriter.write(text).getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable Digest digest(@Nullable Json value) {
        try {
            return value instanceof JsonString text ? Digest.parse(text.value()) : null;
        } catch (IllegalArgumentException e) {
            return null; // damaged: as good as not there
        }
    }
}
