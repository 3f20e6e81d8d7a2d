package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelDeclaration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortNamesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "short-names.md");
    private static final Path TABLE = Path.of("src", "main", "resources", "io", "github", "modelcache", "models.json");
    private static final String UPDATE =
            "./mvnw -q -ntp -pl cache-maven-plugin test -Dtest=ShortNamesPageTest -Ddocs.update";
    private static final String HEAD = """
        <!-- Made by ShortNamesPageTest from models.json. Do not edit. -->
        # Short names

        A name in `cache.models` stands for the models beside it. Members of an entry (`revision`, `include`, `exclude`,
        `optional`) win over those of the name. [configuration.md](configuration.md#short-names) shows how to add names.

        """;

    @TempDir
    Path project;

    @Test
    void docsShortNamesSaysWhatThePluginsTableSays() throws Exception {
        String expected = page();
        if (System.getProperty("docs.update") != null) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE).replace("\r\n", "\n"))
                .as("docs/short-names.md does not say what models.json says; to write it anew run: " + UPDATE)
                .isEqualTo(expected);
    }

    private String page() throws Exception {
        JsonObject root = (JsonObject) JsonDocument.read("models.json", TABLE).root();
        JsonObject names = (JsonObject) Objects.requireNonNull(root.get("short_names"));
        StringBuilder models = new StringBuilder("| name | models |\n|---|---|\n");
        SortedMap<String, String> files = new TreeMap<>();
        for (JsonMember name : names.members()) {
            List<ModelDeclaration> declared = declared(name.name());
            models.append("| `" + name.name() + "` | "
                    + declared.stream()
                            .map(model -> "`" + model.reference() + "`")
                            .collect(Collectors.joining("<br>"))
                    + " |\n");
            String family = name.name().replaceFirst(":.*", ":*");
            String of = files(declared.get(0));
            assertThat(files.merge(family, of, (a, b) -> a))
                    .as("the files of all names of " + family)
                    .isEqualTo(of);
        }
        files.values().removeIf(of -> of.equals("all"));
        return HEAD
                + files.entrySet().stream()
                        .map(family -> "Files of `" + family.getKey() + "`: " + family.getValue() + ".\n\n")
                        .collect(Collectors.joining())
                + models;
    }

    private List<ModelDeclaration> declared(String name) throws Exception {
        Path file = project.resolve("hardware_cache.json");
        Files.writeString(file, "{\"cache\": {\"models\": [\"" + name + "\"]}}");
        return ConfigReader.read(project, file).models();
    }

    private static String files(ModelDeclaration model) {
        if (!model.include().isEmpty()) {
            return "`" + String.join("`, `", model.include()) + "`";
        }
        return model.exclude().isEmpty() ? "all" : "all but `" + String.join("`, `", model.exclude()) + "`";
    }
}
