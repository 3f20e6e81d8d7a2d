package io.github.modelcache.verify.checks;

import io.github.modelcache.family.Layout;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Weights in several files, of which an index such as {@code model.safetensors.index.json} tells which holds what: a
 * declaration may leave out files that the index names.
 *
 * @see <a href="https://huggingface.co/docs/transformers/big_models">Sharded checkpoints</a>
 */
record ShardCheck(Path projectRoot, Layout layout, ResolvedModel model) implements Check {
    private static final String INDEX = ".index.json";
    private static final String MAP = "weight_map";

    /** The index of a model of 100 layers has some 100 KB. */
    private static final int LARGEST = 64 << 20;

    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public void run(Consumer<Finding> findings) {
        for (ModelFile file : model.files()) {
            if (file.path().endsWith(INDEX)) {
                check(layout.file(model, file), findings);
            }
        }
    }

    private void check(Path index, Consumer<Finding> findings) {
        Set<String> missing = new TreeSet<>();
        for (String shard : shards(index)) {
            if (SafeRelativePath.problem(shard).isEmpty() && Files.notExists(index.resolveSibling(shard))) {
                missing.add(shard);
            }
        }
        if (!missing.isEmpty()) {
            String first = missing.iterator().next();
            findings.accept(Finding.of(
                            FindingId.MODEL_MISSING,
                            Plan.name(projectRoot, index) + " lists "
                                    + (missing.size() == 1
                                            ? first + ", which is missing"
                                            : missing.size() + " missing files, such as " + first)
                                    + "; loading the model through this index will fail",
                            "change include or exclude in the declaration: fetch all files of the index, or not the index")
                    .about(model.reference())
                    .at(index)
                    .as(Severity.INFO));
        }
    }

    /** The files that an index names; empty if it can't be read, which other checks report. */
    private static Set<String> shards(Path index) {
        Set<String> shards = new TreeSet<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), RegularFile.bytes(index, LARGEST))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return shards;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean map = parser.currentName().equals(MAP);
                if (parser.nextToken() == JsonToken.START_OBJECT && map) {
                    add(parser, shards);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException | JacksonException e) {
            return Set.of();
        }
        return shards;
    }

    private static void add(JsonParser parser, Set<String> shards) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                shards.add(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
    }
}
