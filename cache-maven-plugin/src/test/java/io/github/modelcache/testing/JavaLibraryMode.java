package io.github.modelcache.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way in which a Java library loads models, from the table {@code java-libraries.txt}. The pages of docs/java are made
 * of the table, and each of its programs is run.
 *
 * @param id a name for files
 * @param facts what the head of the entry says, by key
 * @param code the statements, without imports
 */
public record JavaLibraryMode(String id, Map<String, List<String>> facts, List<String> imports, List<String> code) {

    private static final String TABLE = "java-libraries.txt";

    /** How a mode works. */
    public enum Verdict {
        AS_IS("as is"),
        ONE_LINE("one line");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** The verdict in the table. */
        public String text() {
            return text;
        }
    }

    /** The table. */
    public static List<JavaLibraryMode> all() {
        return Arrays.stream(table().split("(?m)^=== "))
                .filter(entry -> !entry.isBlank())
                .map(JavaLibraryMode::parse)
                .toList();
    }

    private static String table() {
        try (InputStream in = JavaLibraryMode.class.getResourceAsStream(TABLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaLibraryMode parse(String entry) {
        List<String> lines = entry.strip().lines().toList();
        Map<String, List<String>> facts = new LinkedHashMap<>();
        int next = 1;
        for (; !lines.get(next).isBlank(); next++) {
            String[] fact = lines.get(next).split(": ", 2);
            facts.computeIfAbsent(fact[0], key -> new ArrayList<>()).add(fact[1]);
        }
        List<String> rest = lines.subList(next + 1, lines.size());
        return new JavaLibraryMode(
                lines.get(0).strip(),
                facts,
                rest.stream().filter(line -> line.startsWith("import ")).toList(),
                rest.stream()
                        .dropWhile(line -> line.startsWith("import ") || line.isBlank())
                        .toList());
    }

    /** The values of a fact, none if the entry has no such fact. */
    public List<String> all(String fact) {
        return facts.getOrDefault(fact, List.of());
    }

    /** The value of a fact that an entry has once at most. */
    public Optional<String> find(String fact) {
        return all(fact).stream().findFirst();
    }

    /** The value of a fact that each entry has. */
    public String get(String fact) {
        return find(fact).orElseThrow(() -> new IllegalStateException(id + " has no '" + fact + "' in " + TABLE));
    }

    /** How it works. */
    public Verdict verdict() {
        return Arrays.stream(Verdict.values())
                .filter(verdict -> verdict.text.equals(get("verdict")))
                .findFirst()
                .orElseThrow();
    }
}
