package io.github.modelcache.it.project;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The text of a {@code config/hardware_cache.json}; each method returns another one. */
public final class Config {

    /** Where projects keep it. */
    public static final String FILE = "config/hardware_cache.json";

    /** Where projects keep the lock. */
    public static final String LOCK = "config/models.lock.json";

    private final List<String> members;
    private final List<String> models;

    private Config(List<String> members, List<String> models) {
        this.members = List.copyOf(members);
        this.models = List.copyOf(models);
    }

    /** A config that declares nothing. */
    public static Config empty() {
        return new Config(List.of(), List.of());
    }

    /** Adds a member of {@code cache}, in JSON. */
    public Config member(String name, String json) {
        return new Config(plus(members, "\"" + name + "\": " + json), models);
    }

    /** Declares a model by its reference. */
    public Config model(String reference) {
        return new Config(members, plus(models, "\"" + reference + "\""));
    }

    /** Declares a model as a JSON object, with more to say than its reference. */
    public Config declared(String json) {
        return new Config(members, plus(models, json));
    }

    /** Declares a model at a URL. */
    public Config url(URI url, String sha256, String to) {
        return new Config(members, plus(models, """
                        { "model": "url:%s", "sha256": "%s", "to": "%s" }""".formatted(url, sha256, to)));
    }

    /** Declares a model at a URL whose digest only the lock may know. */
    public Config url(URI url, String to) {
        return new Config(members, plus(models, """
                        { "model": "url:%s", "to": "%s" }""".formatted(url, to)));
    }

    private static List<String> plus(List<String> list, String item) {
        List<String> all = new ArrayList<>(list);
        all.add(item);
        return all;
    }

    @Override
    public String toString() {
        String list = models.isEmpty() ? "[]" : "[\n      " + String.join(",\n      ", models) + "\n    ]";
        return """
                {
                  "version": "1.0.0",
                  "cache": {
                    %s
                  }
                }
                """.formatted(String.join(",\n    ", plus(members, "\"models\": " + list)));
    }
}
