package io.github.modelcache.discover;

import io.github.modelcache.model.ModelReference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Maps short names of libraries to models, from the plugin's table {@code known-names.txt}. Immutable. */
final class KnownNames {

    private static final String TABLE = "/io/github/modelcache/known-names.txt";

    private final Map<String, ModelReference> models = new HashMap<>();

    private KnownNames() {}

    /** The table that came with the plugin. */
    static KnownNames read() {
        try (InputStream in = KnownNames.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException(TABLE + " is missing from the plugin");
            }
            KnownNames names = new KnownNames();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && line.charAt(0) != '#')
                    .map(line -> line.strip().split("\\s+", -1))
                    .forEach(
                            columns -> names.models.put(key(columns[0], columns[1]), ModelReference.parse(columns[2])));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model that a library loads by this name. */
    Optional<NamedModel> find(String library, String name) {
        return Optional.ofNullable(models.get(key(library, name)))
                .flatMap(model -> NamedModel.of(model.scheme(), model.id()));
    }

    private static String key(String library, String name) {
        return library + " " + name;
    }
}
