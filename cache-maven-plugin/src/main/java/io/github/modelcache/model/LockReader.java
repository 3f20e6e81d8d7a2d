package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.ParserMessages;
import io.github.modelcache.json.Utf8Input;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Reads a lock file as a stream, because it may name hundreds of thousands of files. Unknown members are skipped. */
final class LockReader {

    private static final String RESTORE = "restore the file from version control. If there is no older version, delete"
            + " it and run mvn cache:lock, which locks the newest revision of each model";

    private final JsonParser parser;
    private final String name;

    private LockReader(JsonParser parser, String name) {
        this.parser = parser;
        this.name = name;
    }

    /** Reads one lock; {@code name} is its file in messages. */
    static Lock read(InputStream content, String name) throws IOException, LockException {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // the file must be UTF-8
                .build();
        try (JsonParser parser =
                factory.createParser(ObjectReadContext.empty(), Utf8Input.withoutByteOrderMark(content))) {
            return new LockReader(parser, name).lock();
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw broken(name, e.getLocation(), ParserMessages.problem(e));
        }
    }

    private Lock lock() throws LockException {
        parser.nextToken();
        List<ResolvedModel> models = new ArrayList<>();
        boolean versioned = false;
        startObject("an object");
        for (String member = nextMember(); member != null; member = nextMember()) {
            switch (member) {
                case "schemaVersion" -> {
                    requireVersion(number(member));
                    versioned = true;
                }
                case "models" -> models.addAll(array(member, this::model));
                default -> parser.skipChildren();
            }
        }
        if (!versioned) {
            throw here("there is no \"schemaVersion\", so this is not a lock");
        }
        try {
            return Lock.of(models);
        } catch (IllegalArgumentException e) {
            throw here(String.valueOf(e.getMessage()));
        }
    }

    private void requireVersion(long version) throws LockException {
        if (version > LockFile.SCHEMA_VERSION) {
            throw new LockException(
                    name + " has schemaVersion " + version
                            + ", which a newer cache-maven-plugin wrote; this one reads up" + " to "
                            + LockFile.SCHEMA_VERSION,
                    "use the newer plugin version in this project too");
        }
        if (version < 1) {
            throw here("schemaVersion is " + version + ", expected " + LockFile.SCHEMA_VERSION);
        }
    }

    private ResolvedModel model() throws LockException {
        startObject("a model, which is an object");
        ModelReference reference = null;
        String revision = null;
        Digest manifest = null;
        boolean gated = false;
        Map<String, String> texts = new HashMap<>();
        Map<String, Boolean> flags = new HashMap<>();
        Map<String, List<String>> patterns = new HashMap<>();
        List<ModelFile> files = List.of();
        List<ModelDeclaration> dependencies = List.of();
        for (String member = nextMember(); member != null; member = nextMember()) {
            switch (member) {
                case "model" -> reference = reference();
                case "revision" -> revision = revision();
                case "requested", "to", "branch", "license", "formerLicense" -> texts.put(member, text(member));
                case "unpack", "links" -> flags.put(member, parser.currentToken() == JsonToken.VALUE_TRUE);
                case "include", "exclude" -> patterns.put(member, strings(member));
                case "gated" -> gated = parser.currentToken() == JsonToken.VALUE_TRUE;
                case "files" -> files = array(member, this::file);
                case "brings" -> dependencies = array(member, this::dependency);
                case "manifest" -> manifest = manifest();
                default -> parser.skipChildren();
            }
        }
        return new ResolvedModel(
                require(reference, "model"),
                new ModelRequest(
                        Optional.ofNullable(texts.get("requested")),
                        patterns.getOrDefault("include", List.of()),
                        patterns.getOrDefault("exclude", List.of()),
                        Optional.ofNullable(texts.get("to")),
                        Optional.ofNullable(flags.get("unpack")),
                        Optional.ofNullable(flags.get("links"))),
                require(revision, "revision"),
                Optional.ofNullable(texts.get("license")),
                gated,
                Optional.ofNullable(texts.get("branch")),
                files,
                dependencies,
                Optional.ofNullable(manifest),
                Optional.ofNullable(texts.get("formerLicense")));
    }

    private ModelDeclaration dependency() throws LockException {
        startObject("a model, which is an object");
        ModelReference reference = null;
        Optional<String> requested = Optional.empty();
        for (String member = nextMember(); member != null; member = nextMember()) {
            switch (member) {
                case "model" -> reference = reference();
                case "requested" -> requested = Optional.of(text(member));
                default -> parser.skipChildren();
            }
        }
        return ModelDeclaration.of(require(reference, "model")).at(requested);
    }

    private ModelFile file() throws LockException {
        startObject("a file, which is an object");
        String path = null;
        String url = null;
        Digest digest = null;
        long size = ModelFile.UNKNOWN_SIZE;
        for (String member = nextMember(); member != null; member = nextMember()) {
            switch (member) {
                case "path" -> path = safe("path", text(member));
                case "size" -> size = number(member);
                case "sha256" -> digest = digest(DigestAlgorithm.SHA256, text(member));
                case "git_sha1" -> digest = digest(DigestAlgorithm.GIT_SHA1, text(member));
                case "url" -> url = text(member);
                default -> parser.skipChildren();
            }
        }
        if (size < 0) {
            throw here("a file has no \"size\" of 0 or more");
        }
        return new ModelFile(require(path, "path"), size, Optional.of(require(digest, "sha256")), require(url, "url"));
    }

    private ModelReference reference() throws LockException {
        String text = text("model");
        try {
            return ModelReference.parse(text);
        } catch (IllegalArgumentException e) {
            throw here("'" + text + "' is not a model");
        }
    }

    /** The revision names folders; only a URL may have an empty one. */
    private String revision() throws LockException {
        String text = text("revision");
        return text.isEmpty() ? text : safe("revision", text);
    }

    private String safe(String member, String path) throws LockException {
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw here("the " + member + " '" + TextSanitizer.text(path) + "' " + problem.get());
        }
        return path;
    }

    private Digest manifest() throws LockException {
        String text = text("manifest");
        String prefix = DigestAlgorithm.SHA256.id() + ":";
        if (!text.startsWith(prefix)) {
            throw here("'" + text + "' is not a sha256 digest; expected sha256:<64 digits>");
        }
        return digest(DigestAlgorithm.SHA256, text.substring(prefix.length()));
    }

    private Digest digest(DigestAlgorithm algorithm, String hex) throws LockException {
        try {
            return new Digest(algorithm, hex);
        } catch (IllegalArgumentException e) {
            throw here("'" + hex + "' is not a " + algorithm.id() + " digest");
        }
    }

    /** Moves to the value of the next member of the open object; returns null at its end. */
    private @Nullable String nextMember() {
        if (parser.nextToken() != JsonToken.PROPERTY_NAME) {
            return null;
        }
        String member = parser.currentName();
        parser.nextToken();
        return member;
    }

    private interface Item<T> {
        T read() throws LockException;
    }

    private <T> List<T> array(String member, Item<T> item) throws LockException {
        expect(JsonToken.START_ARRAY, "\"" + member + "\" to be an array");
        List<T> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(item.read());
        }
        return items;
    }

    private List<String> strings(String member) throws LockException {
        return array(member, () -> text(member));
    }

    private void startObject(String what) throws LockException {
        expect(JsonToken.START_OBJECT, what);
    }

    private String text(String member) throws LockException {
        expect(JsonToken.VALUE_STRING, "\"" + member + "\" to be a string");
        return parser.getString();
    }

    private long number(String member) throws LockException {
        expect(JsonToken.VALUE_NUMBER_INT, "\"" + member + "\" to be a whole number");
        return parser.getLongValue();
    }

    private <T> T require(@Nullable T value, String member) throws LockException {
        if (value == null) {
            throw here("\"" + member + "\" is missing");
        }
        return value;
    }

    private void expect(JsonToken expected, String what) throws LockException {
        if (parser.currentToken() != expected) {
            throw here("expected " + what);
        }
    }

    private LockException here(String problem) {
        return broken(name, parser.currentTokenLocation(), problem);
    }

    private static LockException broken(String name, TokenStreamLocation at, String problem) {
        return new LockException(name + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": " + problem, RESTORE);
    }
}
