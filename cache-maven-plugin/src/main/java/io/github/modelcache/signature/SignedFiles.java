package io.github.modelcache.signature;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that a signature is about.
 *
 * @param digests the SHA-256 of each file, by its path in the model
 * @param ignored the paths that the signer left out, with everything below them
 * @param shards whether parts of files were signed, of which an empty file has none
 */
public record SignedFiles(Map<String, Digest> digests, Set<String> ignored, boolean shards) {
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final String FORMER_PREDICATE = "https://model_signing/Digests/v0.1";
    private static final Set<String> NEVER_SIGNED = Set.of(".git", ".gitignore", ".gitattributes", ".github");
    /** The name that the reference implementation gives SHA-256 of shards, with their size. */
    private static final Pattern SHARDED = Pattern.compile("sha256-sharded-\\d+");

    private static final Pattern SHARD = Pattern.compile("(.*):(\\d{1,18}):\\d{1,18}", Pattern.DOTALL);

    /** Copies both. */
    public SignedFiles {
        digests = Map.copyOf(digests);
        ignored = Set.copyOf(ignored);
    }

    /** The same for a model that is this one file; signers before 1.0.1 called it by a dot. */
    public SignedFiles ofOne(String path) {
        Digest only = digests.get(".");
        return digests.size() == 1 && only != null ? new SignedFiles(Map.of(path, only), ignored, shards) : this;
    }

    /** Whether the signer left a file out. */
    public boolean ignores(String path) {
        return ignored.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    /** Reads the statement that was signed. */
    static SignedFiles parse(byte[] payload) throws InvalidSignatureException {
        JsonPart statement;
        try {
            String text = new String(payload, StandardCharsets.UTF_8);
            statement = new JsonPart(
                    "statement", JsonDocument.parse("the statement", text).root());
        } catch (JsonException e) {
            throw new InvalidSignatureException("its statement is not JSON", e);
        }
        require(statement, "_type", STATEMENT);
        String type = statement.get("predicateType").text();
        if (type.equals(FORMER_PREDICATE)) {
            return former(statement);
        }
        require(statement, "predicateType", PREDICATE);
        if (statement.get("subject").items().size() != 1) {
            throw new InvalidSignatureException("its \"subject\" is not one model");
        }
        statement.get("subject").items().get(0).get("digest").get("sha256").text();
        return current(statement.get("predicate"));
    }

    private static void require(JsonPart of, String member, String value) throws InvalidSignatureException {
        String found = of.get(member).text();
        if (!found.equals(value)) {
            throw new InvalidSignatureException("its \"" + member + "\" is " + found + " instead of " + value);
        }
    }

    private static SignedFiles current(JsonPart predicate) throws InvalidSignatureException {
        JsonPart how = predicate.get("serialization");
        require(how, "hash_type", "sha256"); // the others, blake2b and blake3, are optional, and not in Java
        boolean shards = how.get("method").text().equals("shards");
        if (!shards) {
            require(how, "method", "files");
        }
        Map<String, Digest> digests = new TreeMap<>();
        for (JsonPart resource : predicate.get("resources").items()) {
            String algorithm = resource.get("algorithm").text();
            if (!(shards && SHARDED.matcher(algorithm).matches())) {
                require(resource, "algorithm", "sha256");
            }
            String name = resource.get("name").text();
            put(digests, shards ? whole(name) : name, resource.get("digest").text());
        }
        Set<String> ignored = new HashSet<>(NEVER_SIGNED);
        if (how.get("ignore_paths").json() instanceof JsonArray paths) {
            for (Json path : paths.items()) {
                ignored.add(new JsonPart("ignore_paths", path).text());
            }
        }
        return new SignedFiles(digests, ignored, shards);
    }

    /** A file that is one shard has the digest of that; the lock has no digests of parts of files. */
    private static String whole(String name) throws InvalidSignatureException {
        Matcher shard = SHARD.matcher(name);
        if (!shard.matches() || !shard.group(2).equals("0")) {
            throw new InvalidSignatureException("it signs parts of files, whose digests the lock file does not have");
        }
        return shard.group(1);
    }

    /** Version 0.2 of the reference implementation had the files in the place of the model. */
    private static SignedFiles former(JsonPart statement) throws InvalidSignatureException {
        Map<String, Digest> digests = new TreeMap<>();
        for (JsonPart file : statement.get("subject").items()) {
            put(
                    digests,
                    file.get("name").text(),
                    file.get("digest").get("sha256").text());
        }
        return new SignedFiles(digests, NEVER_SIGNED, false);
    }

    private static void put(Map<String, Digest> digests, String name, String hex) throws InvalidSignatureException {
        try {
            if (digests.put(name, Digest.sha256(hex)) != null) {
                throw new InvalidSignatureException("it names the file " + name + " twice");
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidSignatureException("its digest of " + name + " is not a SHA-256 digest", e);
        }
    }
}
