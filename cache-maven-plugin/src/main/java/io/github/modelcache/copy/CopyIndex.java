package io.github.modelcache.copy;

import io.github.modelcache.files.RegularFile;
import io.github.modelcache.inventory.ModelProperties;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.plan.Action;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What programs find copied models by: on the class path {@code META-INF/model-cache/models.properties}, and the list of
 * resources of a native image; in any other folder {@code models.properties}.
 */
record CopyIndex(CopyTarget target) {

    private static final String LIST = "cache.files.";
    private static final int LARGEST = 16 << 20;

    /** Adds a model: its one file, or its folder and the files in it. */
    void add(SortedMap<String, String> index, String name, List<Path> files) {
        Path folder = target.folder().resolve(name);
        Path path = files.size() == 1 ? files.get(0) : folder;
        index.put(NamedModel.PROPERTY + name, CopyTarget.slashed(base().relativize(path)));
        if (files.size() > 1 && target.classes().isPresent()) {
            index.put(
                    LIST + name,
                    files.stream()
                            .map(file -> CopyTarget.slashed(folder.relativize(file)))
                            .collect(Collectors.joining("\n")));
        }
    }

    /** The files that have to be written. */
    List<Action> writes(SortedMap<String, String> index) throws IOException {
        List<Action> writes = new ArrayList<>();
        Path file = target.classes().isPresent()
                ? base().resolve("META-INF/model-cache/models.properties")
                : base().resolve("models.properties");
        SortedMap<String, String> all = others(file);
        all.putAll(index);
        write(file, "names of the copied models", ModelProperties.text("Written by cache:copy", all), writes);
        if (target.classes().isPresent()) {
            Path resources =
                    base().resolve("META-INF/native-image/" + target.id() + "/model-cache/resource-config.json");
            write(resources, "resources of a native image", resources(), writes);
        }
        return writes;
    }

    private Path base() {
        return target.classes().orElse(target.folder());
    }

    /** Models that another execution has copied to another folder of the same classes. */
    private SortedMap<String, String> others(Path file) throws IOException {
        SortedMap<String, String> others = new TreeMap<>();
        if (target.classes().isEmpty() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return others;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(RegularFile.text(file, LARGEST)));
        String own = below() + "/";
        for (String key : properties.stringPropertyNames()) {
            String model = key.replaceFirst("^cache\\.files\\.", NamedModel.PROPERTY);
            if (!properties.getProperty(model, own).startsWith(own)) {
                others.put(key, properties.getProperty(key));
            }
        }
        return others;
    }

    private String below() {
        return CopyTarget.slashed(base().relativize(target.folder()));
    }

    /** The form that each version of GraalVM reads. */
    private String resources() {
        return """
            {
              "resources": {
                "includes": [
                  { "pattern": "\\\\QMETA-INF/model-cache/models.properties\\\\E" },
                  { "pattern": "\\\\Q%s/\\\\E.*" }
                ]
              }
            }
            """.formatted(below());
    }

    private static void write(Path file, String purpose, String text, List<Action> writes) throws IOException {
        boolean same = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) <= LARGEST
                && RegularFile.text(file, LARGEST).equals(text);
        if (!same) {
            writes.add(Action.Write.text(file, purpose, text, StandardCharsets.UTF_8));
        }
    }
}
