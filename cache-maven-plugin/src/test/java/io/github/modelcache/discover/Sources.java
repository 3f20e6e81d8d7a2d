package io.github.modelcache.discover;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A project whose sources are searched. */
record Sources(Path project, Path home) {

    static Sources in(Path folder) throws IOException {
        return new Sources(
                Files.createDirectories(folder.resolve("project")).toRealPath(),
                Files.createDirectories(folder.resolve("home")).toRealPath());
    }

    Sources with(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.resolve("..").normalize());
        Files.writeString(path, text);
        return this;
    }

    Discovery.Result find() throws IOException, ConfigException {
        CacheConfig config = ConfigReader.read(project, Path.of("config/hardware_cache.json"));
        return new Discovery(config, Lock.EMPTY, new ExternalCaches(config, home, Map.of())).find();
    }

    /** Each place as {@code model certainty use file:line}, in the order of the report. */
    List<String> places() throws IOException, ConfigException {
        return find().models().stream()
                .flatMap(model -> model.mentions().stream())
                .map(one -> one.model() + " " + one.certainty().id() + " "
                        + one.use().id() + " " + one.file() + ":" + one.line())
                .toList();
    }

    /** The entries that declare the models of one file of this name. */
    static List<String> entries(Path folder, String file, String text) throws IOException, ConfigException {
        return in(folder).with(file, text).find().models().stream()
                .map(model -> JsonWriter.line(model.entry()))
                .toList();
    }
}
