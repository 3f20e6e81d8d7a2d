package io.github.modelcache.discover;

import io.github.modelcache.discover.code.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The calls that load models, from the plugin's table {@code known-calls.txt}. Immutable. */
final class KnownCalls {

    private static final String TABLE = "/io/github/modelcache/known-calls.txt";
    private static final String FILES = "file:";

    private final Map<String, List<KnownCall>> byLastName = new HashMap<>();
    private final List<KnownCall> patterns = new ArrayList<>();

    /**
     * One line of the table.
     *
     * @param name as in the table
     * @param word a part of the name that every matching call contains
     * @param pattern matches the dotted name of a call
     * @param models indexes or names of the arguments that name a model
     * @param files indexes or names of the arguments that name files of it
     */
    record KnownCall(
            String name, String word, Pattern pattern, ModelKind kind, List<String> models, List<String> files) {

        boolean matches(Call call) {
            return call.name().contains(word) && pattern.matcher(call.name()).matches();
        }

        /** Its name in reports. */
        String how() {
            return name.replace("*", "");
        }
    }

    private KnownCalls() {}

    /** The table that came with the plugin. */
    static KnownCalls read() {
        try (InputStream in = KnownCalls.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException(TABLE + " is missing from the plugin");
            }
            KnownCalls calls = new KnownCalls();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && line.charAt(0) != '#')
                    .forEach(calls::add);
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        String[] columns = line.strip().split("\\s+", -1);
        List<String> files = columns.length > 3
                ? List.of(columns[3].substring(FILES.length()).split(","))
                : List.of();
        String name = columns[0];
        String pattern = "(?:.*\\.)?" + name.replace(".", "\\.").replace("*", "[\\w.]*");
        KnownCall call = new KnownCall(
                name,
                word(name),
                Pattern.compile(pattern),
                ModelKind.valueOf(columns[1].toUpperCase(Locale.ROOT)),
                List.of(columns[2].split(",")),
                files);
        String last = name.substring(name.lastIndexOf('.') + 1).replaceFirst("^\\*(?=[a-z])", "");
        if (last.indexOf('*') >= 0) {
            patterns.add(call);
        } else {
            List<KnownCall> same = byLastName.computeIfAbsent(last, any -> new ArrayList<>());
            same.add(call);
            same.sort(Comparator.comparingInt((KnownCall one) -> -one.name().length()));
        }
    }

    /** The longest fixed part of a name. A call without it cannot match. */
    private static String word(String name) {
        return Arrays.stream(name.split("[.*]+", -1))
                .max(Comparator.comparingInt(String::length))
                .orElse(name);
    }

    /** The line that matches a call. If several match, the longest. */
    Optional<KnownCall> find(Call call) {
        Optional<KnownCall> exact = find(byLastName.getOrDefault(call.simpleName(), List.of()), call);
        return exact.isPresent() ? exact : find(patterns, call);
    }

    private static Optional<KnownCall> find(Collection<KnownCall> some, Call call) {
        return some.stream().filter(known -> known.matches(call)).findFirst();
    }

    /** One word of each call that loads models. A source without any of them has no such call. */
    Set<String> words() {
        Set<String> words = new TreeSet<>();
        Stream.concat(byLastName.values().stream().flatMap(List::stream), patterns.stream())
                .filter(call -> call.kind() != ModelKind.HOSTED)
                .forEach(call -> words.add(call.word()));
        return words;
    }
}
