package io.github.modelcache.config;

import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.PermissionErrors;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the config file. */
final class ConfigFile {
    private ConfigFile() {}

    /** The document, empty if there is no such file. */
    static Optional<JsonDocument> read(Path projectRoot, Path file) throws ConfigException {
        String name = ConfigPaths.display(projectRoot, file);
        if (Files.isDirectory(file)) {
            throw new ConfigException(name + ": found a folder; expected a JSON file");
        }
        try {
            return Optional.of(JsonDocument.read(name, file));
        } catch (JsonException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                throw new ConfigException(name + ": found a broken link; expected a JSON file", e);
            }
            return Optional.empty();
        } catch (AccessDeniedException e) {
            String found = PermissionErrors.closedFolder(file)
                    .map(folder -> "in the folder " + folder + ", which you may not open")
                    .orElse("which you may not read");
            throw new ConfigException(name + ": found a file " + found + "; expected a readable JSON file", e);
        } catch (IOException e) {
            throw new ConfigException(
                    name + ": cannot be read (" + IoErrors.message(e, file) + "); expected a readable JSON file", e);
        }
    }

    /** The document of a missing file. */
    static JsonDocument empty(Path projectRoot, Path file) {
        try {
            return JsonDocument.parse(ConfigPaths.display(projectRoot, file), "{}");
        } catch (JsonException e) {
            throw new IllegalStateException(e);
        }
    }
}
