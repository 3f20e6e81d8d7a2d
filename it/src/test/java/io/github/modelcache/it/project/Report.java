package io.github.modelcache.it.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON report, read as any other program would.
 *
 * @param root its content
 */
public record Report(JsonNode root) {

    /** The report of {@code verify} in a project with a POM. */
    public static final String VERIFY = "target/cache/verify.json";

    /** Reads a report. */
    public static Report read(Path file) {
        assertThat(file).exists();
        return new Report(JsonMapper.shared().readTree(file.toFile()));
    }

    /** {@code passed}, {@code failed} and so on. */
    public String result() {
        return root.path("result").asString();
    }

    /** A number of the summary. */
    public long summary(String name) {
        JsonNode value = root.path("summary").path(name);
        assertThat(value.isIntegralNumber()).as("summary.%s in %s", name, root).isTrue();
        return value.asLong();
    }

    /** The findings of one kind. */
    public List<JsonNode> findings(String id) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode finding : root.path("findings")) {
            if (finding.path("id").asString().equals(id)) {
                found.add(finding);
            }
        }
        return found;
    }

    /** The only finding of one kind. */
    public JsonNode finding(String id) {
        List<JsonNode> found = findings(id);
        assertThat(found).as("findings %s in %s", id, root).hasSize(1);
        return found.get(0);
    }
}
