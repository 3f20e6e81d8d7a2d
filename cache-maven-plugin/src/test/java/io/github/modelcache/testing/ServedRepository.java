package io.github.modelcache.testing;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder as a hub serves it: a repository at one commit.
 *
 * @param id such as {@code org/name}
 * @param commit made of the names and contents of its files
 * @param items its files by name
 * @param facts such as {@code gated}
 */
record ServedRepository(String id, String commit, TreeMap<String, Item> items, Map<String, String> facts) {

    /** A file; a large one has a SHA-256, because a hub keeps it with LFS. */
    record Item(Path file, long size, String gitSha1, Optional<String> sha256) {

        String etag() {
            return sha256.orElse(gitSha1);
        }
    }

    /** Reads a folder. */
    static ServedRepository of(String id, Path folder, Map<String, String> facts) throws IOException {
        TreeMap<String, Item> items = new TreeMap<>();
        MessageDigest commit = DigestAlgorithm.GIT_SHA1.start(0);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                Item item = item(file);
                items.put(name, item);
                commit.update((name + item.etag()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return new ServedRepository(id, HexFormat.of().formatHex(commit.digest()), items, facts);
    }

    /** The files and folders below a folder, as the hub's tree lists them, by name. */
    Map<String, Json> entries(String folder, boolean recursive) {
        TreeMap<String, Json> entries = new TreeMap<>();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        items.forEach((name, item) -> {
            if (!name.startsWith(prefix)) {
                return;
            }
            boolean direct = name.indexOf('/', prefix.length()) < 0;
            if (direct || recursive) {
                entries.put(name, json(name, item));
            }
            int slash = name.indexOf('/', prefix.length());
            while (slash > 0) {
                String above = name.substring(0, slash);
                entries.put(above, directory(above));
                slash = recursive ? name.indexOf('/', slash + 1) : -1;
            }
        });
        return entries;
    }

    private static Item item(Path file) throws IOException {
        long size = Files.size(file);
        String git = digest(file, DigestAlgorithm.GIT_SHA1, size);
        Optional<String> sha256 = size >= StandInHub.LARGE_BYTES
                ? Optional.of(digest(file, DigestAlgorithm.SHA256, size))
                : Optional.empty();
        return new Item(file, size, sha256.isPresent() ? pointer(sha256.get(), size) : git, sha256);
    }

    private static String digest(Path file, DigestAlgorithm algorithm, long size) throws IOException {
        MessageDigest digest = algorithm.start(size);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String pointer(String sha256, long size) {
        byte[] text = ("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256 + "\nsize " + size + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return gitName(text);
    }

    private static String gitName(byte[] content) {
        return HexFormat.of()
                .formatHex(DigestAlgorithm.GIT_SHA1.start(content.length).digest(content));
    }

    private static Json directory(String name) {
        return JsonObject.builder()
                .put("type", "directory")
                .put("oid", gitName(name.getBytes(StandardCharsets.UTF_8)))
                .put("size", 0)
                .put("path", name)
                .build();
    }

    private static Json json(String name, Item item) {
        JsonObject.Builder json = JsonObject.builder()
                .put("type", "file")
                .put("oid", item.gitSha1())
                .put("size", item.size())
                .put("path", name);
        item.sha256()
                .ifPresent(sha256 -> json.put(
                        "lfs",
                        JsonObject.builder()
                                .put("oid", sha256)
                                .put("size", item.size())
                                .put("pointerSize", 133)
                                .build()));
        return json.build();
    }
}
