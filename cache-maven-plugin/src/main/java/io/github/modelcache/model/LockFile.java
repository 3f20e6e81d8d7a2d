package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.MergeConflict;
import io.github.modelcache.json.ParserMessages;
import io.github.modelcache.json.Utf8Input;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes {@code config/models.lock.json}. One line a file, models and files sorted, so that two branches
 * merge and a review shows what moved. Read as a stream: a lock may name hundreds of thousands of files.
 */
public final class LockFile {

    /** The version of the format that this class writes, and the newest that it reads. */
    public static final int SCHEMA_VERSION = 1;

    /** Of a file that is no lock, this much is searched for the reason. */
    private static final int SEARCHED_BYTES = 32 << 20;

    private static final String RESTORE = "restore the file from version control. If there is no older version, delete"
            + " it and run mvn cache:lock, which locks the newest revision of each model";

    private final Path file;

    /** The lock kept in this file, which need not exist yet. */
    public LockFile(Path file) {
        this.file = file;
    }

    /** The lock of a project, which lies beside its config. */
    public static LockFile beside(Path config) {
        return new LockFile(config.resolveSibling("models.lock.json"));
    }

    /** Where the lock lies. */
    public Path path() {
        return file;
    }

    /** Its name as people know it: with its folder, {@code config/models.lock.json}. */
    public String name() {
        Path folder = file.toAbsolutePath().getParent();
        Path folderName = folder == null ? null : folder.getFileName();
        return (folderName == null ? "" : folderName + "/") + file.getFileName();
    }

    /** Whether there is one. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Reads the lock; a missing file is an empty lock.
     *
     * @throws LockException when the content is not a lock, or one of a newer plugin
     * @throws IOException when the file can't be read
     */
    public Lock read() throws IOException, LockException {
        try {
            return parse();
        } catch (LockException e) {
            Optional<MergeConflict> conflict = conflict();
            throw conflict.isEmpty() ? e : unmerged(conflict.get());
        }
    }

    private Optional<MergeConflict> conflict() throws IOException {
        try (InputStream content = RegularFile.stream(file)) {
            return MergeConflict.find(
                    new String(content.readNBytes(SEARCHED_BYTES), StandardCharsets.ISO_8859_1).lines());
        }
    }

    private LockException unmerged(MergeConflict conflict) {
        return new LockException(
                name() + ":" + conflict.line() + ": " + conflict.problem(),
                "keep the models of both sides and delete the lines with the markers, or take one side of the file"
                        + " (git checkout --ours or --theirs " + name()
                        + "). Then run mvn cache:lock: it adds models that"
                        + " the file lacks, and keeps the locked revisions of the others");
    }

    private Lock parse() throws IOException, LockException {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // it is UTF-8, or broken
                .build();
        try (InputStream content = RegularFile.stream(file);
                JsonParser parser =
                        factory.createParser(ObjectReadContext.empty(), Utf8Input.withoutByteOrderMark(content))) {
            return new Reader(parser).lock();
        } catch (NoSuchFileException e) {
            return Lock.EMPTY;
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw broken(e.getLocation(), ParserMessages.problem(e));
        }
    }

    /**
     * Writes the lock, if it differs from what the file holds.
     *
     * @return whether the file changed
     */
    public boolean write(Lock lock) throws IOException {
        return AtomicFiles.write(file, text(lock).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Changes the lock as it is now, which need not be what it was when a long run began.
     *
     * @return whether the file changed
     * @throws IOException when it can't be read as a lock, or not be written
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
        StringBuilder text = new StringBuilder("{\n  \"schemaVersion\": " + SCHEMA_VERSION + ",\n  \"models\": [");
        String separator = "\n";
        for (ResolvedModel model : lock.models()) {
            text.append(separator);
            appendModel(text, model);
            separator = ",\n";
        }
        return text.append(lock.models().isEmpty() ? "]\n}\n" : "\n  ]\n}\n").toString();
    }

    private static void appendModel(StringBuilder text, ResolvedModel model) {
        text.append("    {\n      \"model\": ").append(quoted(model.reference().toString()));
        ModelRequest request = model.request();
        request.revision().ifPresent(asked -> appendMember(text, "requested", quoted(asked)));
        if (!request.include().isEmpty()) {
            appendMember(text, "include", quoted(request.include()));
        }
        if (!request.exclude().isEmpty()) {
            appendMember(text, "exclude", quoted(request.exclude()));
        }
        request.to().ifPresent(to -> appendMember(text, "to", quoted(to)));
        appendMember(text, "revision", quoted(model.revision()));
        model.branch().ifPresent(branch -> appendMember(text, "branch", quoted(branch)));
        model.license().ifPresent(license -> appendMember(text, "license", quoted(license)));
        if (model.gated()) {
            appendMember(text, "gated", "true");
        }
        model.manifest().ifPresent(digest -> appendMember(text, "manifest", quoted(digest.toString())));
        if (!model.brings().isEmpty()) {
            appendMember(text, "brings", brought(model.brings()));
        }
        text.append(",\n      \"files\": [");
        String separator = "\n";
        for (ModelFile file : model.files()) {
            text.append(separator).append("        ");
            appendFile(text, file);
            separator = ",\n";
        }
        text.append(model.files().isEmpty() ? "]\n    }" : "\n      ]\n    }");
    }

    private static String brought(List<ModelDeclaration> models) {
        return models.stream().map(LockFile::brought).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String brought(ModelDeclaration model) {
        String revision = model.revision()
                .map(asked -> ", \"requested\": " + quoted(asked))
                .orElse("");
        return "{ \"model\": " + quoted(model.reference().toString()) + revision + " }";
    }

    private static void appendMember(StringBuilder text, String name, String value) {
        text.append(",\n      \"").append(name).append("\": ").append(value);
    }

    private static void appendFile(StringBuilder text, ModelFile file) {
        Digest digest = file.digest().orElseThrow();
        text.append("{ \"path\": ").append(quoted(file.path()));
        text.append(", \"size\": ").append(file.size());
        text.append(", \"").append(digest.algorithm().id()).append("\": ").append(quoted(digest.hex()));
        text.append(", \"url\": ").append(quoted(file.url())).append(" }");
    }

    private static String quoted(List<String> values) {
        return "[" + String.join(", ", values.stream().map(LockFile::quoted).toList()) + "]";
    }

    private static String quoted(String value) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + "\"";
    }

    private LockException broken(TokenStreamLocation at, String what) {
        return new LockException(name() + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": " + what, RESTORE);
    }

    /** One pass over the tokens. */
    private final class Reader {

        private final JsonParser parser;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        Lock lock() throws LockException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "an object");
            List<ResolvedModel> models = new ArrayList<>();
            boolean versioned = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "schemaVersion" -> {
                        checkVersion(number(value, name));
                        versioned = true;
                    }
                    case "models" -> readModels(value, models);
                    default -> parser.skipChildren();
                }
            }
            if (!versioned) {
                throw here("there is no \"schemaVersion\", so this is not a lock");
            }
            try {
                return Lock.of(models);
            } catch (IllegalArgumentException e) {
                throw here(e.getMessage() == null ? "a model is not complete" : e.getMessage());
            }
        }

        private void checkVersion(long version) throws LockException {
            if (version > SCHEMA_VERSION) {
                throw new LockException(
                        name() + " has schemaVersion " + version + ", which a newer cache-maven-plugin wrote; this one"
                                + " reads up to " + SCHEMA_VERSION,
                        "use the newer plugin version in this project too");
            }
            if (version < 1) {
                throw here("schemaVersion is " + version + ", expected " + SCHEMA_VERSION);
            }
        }

        private void readModels(JsonToken value, List<ResolvedModel> models) throws LockException {
            expect(value, JsonToken.START_ARRAY, "\"models\" to be an array");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                models.add(model());
            }
        }

        private ResolvedModel model() throws LockException {
            expect(parser.currentToken(), JsonToken.START_OBJECT, "a model, which is an object");
            Optional<ModelReference> reference = Optional.empty();
            Optional<String> requested = Optional.empty();
            Optional<String> to = Optional.empty();
            Optional<String> revision = Optional.empty();
            Optional<String> license = Optional.empty();
            Optional<String> branch = Optional.empty();
            boolean gated = false;
            List<String> include = List.of();
            List<String> exclude = List.of();
            List<ModelFile> files = List.of();
            List<ModelDeclaration> brings = List.of();
            Optional<Digest> manifest = Optional.empty();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "model" -> reference = Optional.of(reference(text(value, name)));
                    case "requested" -> requested = Optional.of(text(value, name));
                    case "to" -> to = Optional.of(text(value, name));
                    case "revision" -> revision = Optional.of(revision(text(value, name)));
                    case "branch" -> branch = Optional.of(text(value, name));
                    case "gated" -> gated = value == JsonToken.VALUE_TRUE;
                    case "license" -> license = Optional.of(text(value, name));
                    case "include" -> include = texts(value, name);
                    case "exclude" -> exclude = texts(value, name);
                    case "files" -> files = files(value);
                    case "brings" -> brings = brings(value);
                    case "manifest" -> manifest = Optional.of(manifest(text(value, name)));
                    default -> parser.skipChildren();
                }
            }
            return new ResolvedModel(
                    require(reference, "model"),
                    new ModelRequest(requested, include, exclude, to),
                    require(revision, "revision"),
                    license,
                    gated,
                    branch,
                    files,
                    brings,
                    manifest);
        }

        private List<ModelDeclaration> brings(JsonToken value) throws LockException {
            expect(value, JsonToken.START_ARRAY, "\"brings\" to be an array");
            List<ModelDeclaration> models = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                models.add(brought());
            }
            return models;
        }

        private ModelDeclaration brought() throws LockException {
            expect(parser.currentToken(), JsonToken.START_OBJECT, "a model, which is an object");
            Optional<ModelReference> reference = Optional.empty();
            Optional<String> requested = Optional.empty();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "model" -> reference = Optional.of(reference(text(value, name)));
                    case "requested" -> requested = Optional.of(text(value, name));
                    default -> parser.skipChildren();
                }
            }
            return ModelDeclaration.of(require(reference, "model")).at(requested);
        }

        private ModelReference reference(String text) throws LockException {
            try {
                return ModelReference.parse(text);
            } catch (IllegalArgumentException e) {
                throw here("'" + text + "' is not a model");
            }
        }

        private List<ModelFile> files(JsonToken value) throws LockException {
            expect(value, JsonToken.START_ARRAY, "\"files\" to be an array");
            List<ModelFile> files = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                files.add(modelFile());
            }
            return files;
        }

        private ModelFile modelFile() throws LockException {
            expect(parser.currentToken(), JsonToken.START_OBJECT, "a file, which is an object");
            Optional<String> path = Optional.empty();
            long size = ModelFile.UNKNOWN_SIZE;
            Optional<Digest> digest = Optional.empty();
            Optional<String> url = Optional.empty();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "path" -> path = Optional.of(safe(text(value, name)));
                    case "size" -> size = number(value, name);
                    case "sha256" -> digest = Optional.of(digest(DigestAlgorithm.SHA256, text(value, name)));
                    case "git_sha1" -> digest = Optional.of(digest(DigestAlgorithm.GIT_SHA1, text(value, name)));
                    case "url" -> url = Optional.of(text(value, name));
                    default -> parser.skipChildren();
                }
            }
            if (size < 0) {
                throw here("a file has no \"size\" of 0 or more");
            }
            require(digest, "sha256");
            return new ModelFile(require(path, "path"), size, digest, require(url, "url"));
        }

        private String safe(String path) throws LockException {
            Optional<String> problem = SafeRelativePath.problem(path);
            if (problem.isPresent()) {
                throw here("the path '" + TextSanitizer.text(path) + "' " + problem.get());
            }
            return path;
        }

        /** It names folders; an address alone may have none. */
        private String revision(String revision) throws LockException {
            Optional<String> problem = revision.isEmpty() ? Optional.empty() : SafeRelativePath.problem(revision);
            if (problem.isPresent()) {
                throw here("the revision '" + TextSanitizer.text(revision) + "' " + problem.get());
            }
            return revision;
        }

        private Digest manifest(String text) throws LockException {
            if (!text.startsWith(DigestAlgorithm.SHA256.id() + ":")) {
                throw here("'" + text + "' is not a sha256 digest; \"manifest\" is one like sha256:<64 digits>");
            }
            return digest(DigestAlgorithm.SHA256, text.substring(text.indexOf(':') + 1));
        }

        private Digest digest(DigestAlgorithm algorithm, String hex) throws LockException {
            try {
                return new Digest(algorithm, hex);
            } catch (IllegalArgumentException e) {
                throw here("'" + hex + "' is not a " + algorithm.id() + " digest");
            }
        }

        private List<String> texts(JsonToken value, String name) throws LockException {
            expect(value, JsonToken.START_ARRAY, "\"" + name + "\" to be an array");
            List<String> texts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                texts.add(text(parser.currentToken(), name));
            }
            return texts;
        }

        private String text(JsonToken value, String name) throws LockException {
            expect(value, JsonToken.VALUE_STRING, "\"" + name + "\" to be a string");
            return parser.getString();
        }

        private long number(JsonToken value, String name) throws LockException {
            expect(value, JsonToken.VALUE_NUMBER_INT, "\"" + name + "\" to be a whole number");
            return parser.getLongValue();
        }

        private <T> T require(Optional<T> value, String name) throws LockException {
            if (value.isEmpty()) {
                throw here("\"" + name + "\" is missing");
            }
            return value.get();
        }

        private void expect(JsonToken found, JsonToken expected, String what) throws LockException {
            if (found != expected) {
                throw here("expected " + what);
            }
        }

        private LockException here(String what) {
            return broken(parser.currentTokenLocation(), what);
        }
    }
}
