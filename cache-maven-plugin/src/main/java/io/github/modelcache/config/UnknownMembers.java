package io.github.modelcache.config;

import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.units.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Records the members that were read, by object, to find mistyped ones among the others.
 */
final class UnknownMembers {

    private static final String ROOT = "";
    private static final String CACHE = "cache";
    /** Other programs add members to it. */
    private static final String HARDWARE = "hardware";

    private final Map<String, Asked> objects = new LinkedHashMap<>();

    private record Asked(ConfigValue object, Set<String> names) {

        List<JsonMember> members() {
            return object.json() instanceof JsonObject json ? json.members() : List.of();
        }
    }

    void add(ConfigValue object, String name) {
        objects.computeIfAbsent(object.member(), member -> new Asked(object, new TreeSet<>()))
                .names()
                .add(name);
    }

    /** A sentence for each unknown member whose name is near to a missing one. */
    List<String> mistyped() {
        List<String> sentences = new ArrayList<>();
        for (Asked asked : objects.values()) {
            if (!asked.object().member().equals(HARDWARE)) {
                mistyped(asked, sentences);
            }
        }
        return sentences;
    }

    private void mistyped(Asked asked, List<String> sentences) {
        Set<String> missing = new TreeSet<>(asked.names());
        asked.members().forEach(member -> missing.remove(member.name()));
        for (JsonMember member : asked.members()) {
            if (asked.names().contains(member.name()) || isComment(member.name())) {
                continue;
            }
            Optional<String> meant =
                    NearestName.of(member.name(), missing).or(() -> elsewhere(asked.object(), member.name()));
            meant.map(name -> "unknown member, ignored; did you mean " + name + "?")
                    .map(problem -> asked.object().at(member).problem(problem).getMessage())
                    .ifPresent(sentences::add);
        }
    }

    /** Users disable a member with a sign before its name. */
    private static boolean isComment(String name) {
        return name.isEmpty() || !Character.isLetter(name.charAt(0));
    }

    /** The right path of a member that is beside {@code cache} instead of in it, or the other way round. */
    private Optional<String> elsewhere(ConfigValue object, String name) {
        if (object.member().equals(ROOT)) {
            return known(CACHE, name).map(found -> CACHE + "." + found);
        }
        return object.member().equals(CACHE) ? known(ROOT, name) : Optional.empty();
    }

    private Optional<String> known(String member, String name) {
        Asked asked = objects.get(member);
        return asked != null && asked.names().contains(name) ? Optional.of(name) : Optional.empty();
    }
}
