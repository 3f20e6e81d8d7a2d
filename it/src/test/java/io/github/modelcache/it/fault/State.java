package io.github.modelcache.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What lies in some folders: each path with its content, its link's target, or {@code folder}. What only the plugin
 * itself reads and makes anew at any time is not part of it.
 *
 * @param entries by the folder's name and the path in it
 */
record State(SortedMap<String, String> entries) {

    private static final String FOLDER = "folder";
    private static final int SHORT = 100;
    private static final Pattern OWN = Pattern.compile(".*/\\.locks|.*/\\.modelcache|.*/\\.index\\.lock"
            + "|project/target|project/\\.cache/reports|home/\\.m2|home/\\.java");
    private static final Pattern UNFINISHED =
            Pattern.compile("\\..+\\.partial(\\.etag)?|.+\\.[0-9a-f]{8}\\.tmp|.+\\.incomplete(\\.etag)?");
    private static final Pattern REF = Pattern.compile("(.*/models--[^/]+)/refs/.+");
    /** Where models of a kind lie, as opposed to a folder that is one. */
    private static final Pattern PLACE = Pattern.compile("project/\\.cache/[^/]+(/hub(/checkpoints)?)?");

    private static final Pattern TORCH_FOLDER = Pattern.compile(".*/torch/hub/[^/]+_[^/]+");

    /** Looks at folders, where they are there; {@code plain} takes out of a text what differs from run to run. */
    static State of(Map<String, Path> folders, UnaryOperator<String> plain) {
        SortedMap<String, String> entries = new TreeMap<>();
        folders.forEach((name, folder) -> {
            if (Files.isDirectory(folder)) {
                walk(name, folder, plain, entries);
            }
        });
        return new State(entries);
    }

    private static void walk(String name, Path top, UnaryOperator<String> plain, SortedMap<String, String> entries) {
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String key = key(folder);
                    if (OWN.matcher(key).matches()) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    entries.put(key, FOLDER);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String key = key(file);
                    if (OWN.matcher(key).matches()) {
                        return FileVisitResult.CONTINUE;
                    }
                    boolean list = key.endsWith("/models.lock.json") || key.equals("nas/index.json");
                    if (!list || !listed(file, key, plain, entries)) {
                        entries.put(key, describe(file, attributes, plain));
                    }
                    return FileVisitResult.CONTINUE;
                }

                private String key(Path path) {
                    return path.equals(top) ? name : name + "/" + top.relativize(path);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A list of models: what could be had of them is in it, each whole. */
    private static boolean listed(
            Path file, String key, UnaryOperator<String> plain, SortedMap<String, String> entries) {
        try {
            JsonNode root = JsonMapper.shared().readTree(file.toFile());
            JsonNode models = root.path(key.startsWith("nas") ? "manifests" : "models");
            entries.put(key, "a list of models");
            for (JsonNode model : models) {
                String name =
                        model.path("model").asString(model.path("annotations").toString());
                entries.put(key + "#" + name, "entry " + plain.apply(model.toString()));
            }
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static String describe(Path file, BasicFileAttributes attributes, UnaryOperator<String> plain)
            throws IOException {
        if (attributes.isSymbolicLink()) {
            String target = plain.apply(Files.readSymbolicLink(file).toString());
            return "-> " + target + (Files.exists(file) ? "" : " (leads nowhere)");
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return "gone";
        }
        if (file.toString().endsWith(".json") || bytes.length <= SHORT) {
            bytes = plain.apply(new String(bytes, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        }
        if (bytes.length <= SHORT) {
            return "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return bytes.length + " bytes " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The state without what is not complete and says so by its name. */
    State finished() {
        SortedMap<String, String> finished = new TreeMap<>(entries);
        finished.keySet().removeIf(State::isUnfinished);
        return new State(finished);
    }

    /** The files that a run left behind, under names that say they are not complete. */
    List<String> leftovers() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(FOLDER) && isUnfinished(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isUnfinished(String path) {
        for (String part : path.split("/", -1)) {
            if (UNFINISHED.matcher(part).matches()) {
                return true;
            }
        }
        return false;
    }

    /**
     * What was lost, if this is the state that a run was stopped in.
     *
     * @param before the state when it began
     * @param end the state that it would have reached
     * @param leaving whether the run itself says that it left something: then an old place may keep a part of a model
     *     that it could not take
     */
    List<String> losses(State before, State end, boolean leaving) {
        State now = finished();
        List<String> losses = new ArrayList<>();
        now.entries.forEach((path, value) -> {
            String was = before.at(path);
            String becomes = end.at(path);
            if (!value.equals(FOLDER) && !value.equals(was) && !value.equals(becomes)) {
                losses.add("%s is %s; it was %s and would have become %s".formatted(path, value, was, becomes));
            }
        });
        before.finished().entries.forEach((path, value) -> {
            if (!value.equals(FOLDER) && !isFolder(end.at(path)) && end.has(path) && !now.has(path)) {
                losses.add(path + " is missing");
            }
        });
        Set<String> contents = now.contents();
        Set<String> had = before.finished().contents();
        for (String content : end.finished().contents()) {
            if (had.contains(content) && !contents.contains(content)) {
                losses.add("nothing has this content any more: " + content);
            }
        }
        losses.addAll(now.incomplete(before, end, leaving));
        return losses;
    }

    /** Revisions that have a name, and folders that torch.hub takes for complete because they are there. */
    private List<String> incomplete(State before, State end, boolean leaving) {
        List<String> losses = new ArrayList<>();
        entries.forEach((path, value) -> {
            boolean old = leaving && !end.has(path);
            if (old || (!before.has(path) && !isInUse(path))) {
                return;
            }
            Matcher ref = REF.matcher(path);
            if (ref.matches() && !value.equals(FOLDER)) {
                String commit = value.replaceAll("^'|'$", "");
                whole(ref.group(1) + "/snapshots/" + commit + "/", path, before, end, losses);
            } else if (TORCH_FOLDER.matcher(path).matches() && value.equals(FOLDER)) {
                whole(path + "/", path, before, end, losses);
            }
        });
        return losses;
    }

    /** What gathers in a new place of the cache is not yet used while no link leads there. */
    private boolean isInUse(String path) {
        boolean elsewhere = path.startsWith("near/") || path.startsWith("far/");
        return !elsewhere || at("project/.cache").startsWith("-> ");
    }

    private void whole(String prefix, String name, State before, State end, List<String> losses) {
        Set<String> was = before.below(prefix);
        Set<String> becomes = end.below(prefix);
        Set<String> is = below(prefix);
        boolean asBefore = !was.isEmpty() && is.containsAll(was);
        boolean asAfter = !becomes.isEmpty() && is.containsAll(becomes);
        if (!asBefore && !asAfter && (!was.isEmpty() || !becomes.isEmpty())) {
            losses.add("%s is there, but of what it stands for only %d of %d files"
                    .formatted(name, is.size(), Math.max(was.size(), becomes.size())));
        }
    }

    private Set<String> below(String prefix) {
        Set<String> below = new HashSet<>();
        entries.tailMap(prefix).forEach((path, value) -> {
            if (path.startsWith(prefix) && !value.equals(FOLDER)) {
                below.add(path);
            }
        });
        return below;
    }

    /**
     * How this state differs from the one that it should be; empty if it does not. A folder for models that is empty and
     * should be gone is no difference: a run that was killed right before it went leaves the next one nothing to do there.
     */
    List<String> differences(State expected) {
        List<String> differences = new ArrayList<>();
        Set<String> paths = new HashSet<>(entries.keySet());
        paths.addAll(expected.entries.keySet());
        paths.stream().sorted().forEach(path -> {
            if (!at(path).equals(expected.at(path)) && !(isEmptyPlace(path) && !expected.has(path))) {
                differences.add("%s is %s instead of %s".formatted(path, at(path), expected.at(path)));
            }
        });
        return differences;
    }

    private boolean isEmptyPlace(String path) {
        return PLACE.matcher(path).matches()
                && isFolder(at(path))
                && below(path + "/").isEmpty();
    }

    private String at(String path) {
        return entries.getOrDefault(path, "missing");
    }

    private boolean has(String path) {
        return entries.containsKey(path);
    }

    private static boolean isFolder(String value) {
        return value.equals(FOLDER);
    }

    /** The long contents, by size and digest. */
    private Set<String> contents() {
        Set<String> contents = new HashSet<>();
        for (String value : entries.values()) {
            if (value.contains(" bytes ")) {
                contents.add(value);
            }
        }
        return contents;
    }
}
