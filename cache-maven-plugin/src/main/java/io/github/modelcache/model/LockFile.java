package io.github.modelcache.model;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.json.MergeConflict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Reads and writes {@code config/models.lock.json}: models and files are sorted, and each file has its own line, so that
 * branches merge and reviews show what changed.
 */
public final class LockFile {

    /** The version of the format that this class writes, and the newest that it reads. */
    public static final int SCHEMA_VERSION = 1;

    private static final int CONFLICT_SEARCH_BYTES = 32 << 20;

    private final Path file;

    /** A lock file, which need not exist yet. */
    public LockFile(Path file) {
        this.file = file;
    }

    /** The lock file beside a project's config. */
    public static LockFile beside(Path config) {
        return new LockFile(config.resolveSibling("models.lock.json"));
    }

    /** The file itself. */
    public Path path() {
        return file;
    }

    /** Its name with its folder, for messages: {@code config/models.lock.json}. */
    public String name() {
        Path folder = file.toAbsolutePath().getParent();
        Path folderName = folder == null ? null : folder.getFileName();
        return (folderName == null ? "" : folderName + "/") + file.getFileName();
    }

    /** Whether the file exists. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Reads the lock; a missing file is an empty lock.
     *
     * @throws LockException if the content is not a lock, or a newer plugin wrote it
     */
    public Lock read() throws IOException, LockException {
        try (InputStream content = RegularFile.stream(file)) {
            return LockReader.read(content, name());
        } catch (NoSuchFileException e) {
            return Lock.EMPTY;
        } catch (LockException e) {
            Optional<MergeConflict> conflict = conflict();
            throw conflict.isEmpty() ? e : unmerged(conflict.get());
        }
    }

    /** Reads the lock; one that is missing or not valid is empty, where other code reports that. */
    public Lock readOrEmpty() throws IOException {
        try {
            return read();
        } catch (LockException e) {
            return Lock.EMPTY;
        }
    }

    private Optional<MergeConflict> conflict() throws IOException {
        try (InputStream content = RegularFile.stream(file)) {
            byte[] start = content.readNBytes(CONFLICT_SEARCH_BYTES);
            return MergeConflict.find(new String(start, StandardCharsets.ISO_8859_1).lines());
        }
    }

    private LockException unmerged(MergeConflict conflict) {
        return new LockException(
                name() + ":" + conflict.line() + ": " + conflict.problem(),
                "keep the models of both sides and delete the lines with the markers, or take one side of the file"
                        + " (git checkout --ours or --theirs " + name()
                        + "). Then run mvn cache:lock: it adds the missing"
                        + " models and keeps the locked revisions of the others");
    }

    /** Writes the lock, and returns whether the file changed. */
    public boolean write(Lock lock) throws IOException {
        return AtomicFiles.write(file, text(lock).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Changes the lock as it is on the disk now.
     *
     * @return whether the file changed
     */
    public boolean update(UnaryOperator<Lock> change) throws IOException {
        try {
            Lock now = read();
            Lock after = change.apply(now);
            return !after.equals(now) && write(after);
        } catch (LockException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The text of a lock. */
    public static String text(Lock lock) {
        return "{\n  \"schemaVersion\": " + SCHEMA_VERSION + ",\n  \"models\": "
                + lines(lock.models(), LockFile::text, "  ") + "\n}\n";
    }

    private static <T> String lines(Collection<T> items, Function<T, String> text, String indent) {
        return items.isEmpty()
                ? "[]"
                : items.stream()
                        .map(item -> indent + "  " + text.apply(item))
                        .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
    }

    private static String text(ResolvedModel model) {
        ModelRequest request = model.request();
        JsonObject.Builder members = JsonObject.builder()
                .put("model", model.reference().toString())
                .putIfPresent("requested", request.revision());
        put(members, "include", request.include());
        put(members, "exclude", request.exclude());
        members.putIfPresent("to", request.to());
        request.unpack().ifPresent(unpack -> members.put("unpack", unpack));
        request.links().ifPresent(links -> members.put("links", links));
        members.put("revision", model.revision())
                .putIfPresent("branch", model.branch())
                .putIfPresent("license", model.license())
                .putIfPresent("formerLicense", model.formerLicense());
        if (model.gated()) {
            members.put("gated", true);
        }
        members.putIfPresent("manifest", model.manifest().map(Object::toString));
        if (!model.dependencies().isEmpty()) {
            members.put(
                    "brings",
                    JsonArray.of(model.dependencies().stream()
                            .map(LockFile::dependency)
                            .toList()));
        }
        String head = members.build().members().stream()
                .map(member -> "      \"" + member.name() + "\": " + JsonWriter.line(member.value()) + ",\n")
                .collect(Collectors.joining());
        return "{\n" + head + "      \"files\": " + lines(model.files(), LockFile::text, "      ") + "\n    }";
    }

    private static void put(JsonObject.Builder members, String name, List<String> values) {
        if (!values.isEmpty()) {
            members.put(name, JsonArray.ofStrings(values));
        }
    }

    private static Json dependency(ModelDeclaration model) {
        return JsonObject.builder()
                .put("model", model.reference().toString())
                .putIfPresent("requested", model.revision())
                .build();
    }

    private static String text(ModelFile file) {
        return JsonWriter.line(JsonObject.builder()
                .put("path", file.path())
                .put("size", file.size())
                .put(
                        file.digest().orElseThrow().algorithm().id(),
                        file.digest().orElseThrow().hex())
                .put("url", file.url())
                .build());
    }
}
