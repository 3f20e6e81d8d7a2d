package io.github.modelcache.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** JSON that builds objects when it is loaded: configs of Keras and chat templates. Any size, in one pass. */
final class JsonScan {
    private static final int LONGEST_STRING = 1 << 20;
    private static final int DEEPEST = 500;
    private static final int LONGEST_KEPT = 300;

    /** Members of a config of transformers that name code. */
    private static final Set<String> CODE = Set.of("auto_map", "custom_pipelines");

    /** How skops calls a function of any name: CVE-2025-54412 and CVE-2025-54413. */
    private static final Set<String> SKOPS_CALLS = Set.of("OperatorFuncNode", "MethodNode");

    private static final String SENTENCE_MODULES = "modules.json";

    private final String where;
    private final Inspection inspection;

    JsonScan(String where, Inspection inspection) {
        this.where = where;
        this.inspection = inspection;
    }

    /** How a text was read. */
    enum Outcome {
        /** One JSON value, or several of them. */
        READ,
        /** No JSON. */
        OTHER,
        /** Deeper or with longer strings than is looked at. */
        BEYOND_LIMITS
    }

    /** A parser that reads what Python reads. */
    static JsonParser parser(InputStream in) {
        return parser(in, LONGEST_STRING);
    }

    static JsonParser parser(InputStream in, int longestString) {
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(longestString)
                        .maxNameLength(LONGEST_STRING)
                        .build())
                .build()
                .createParser(ObjectReadContext.empty(), in);
    }

    /** Reads to the end, or to the end of the first value. */
    Outcome scan(InputStream in, boolean first) throws IOException {
        Deque<Map<String, String>> objects = new ArrayDeque<>();
        try (JsonParser parser = parser(in)) {
            String name = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    name = parser.currentName();
                    if (objects.size() == 1 && CODE.contains(name)) {
                        inspection.remoteCode(where, "its " + name + " names code of the repository");
                    }
                    continue;
                }
                if (!objects.isEmpty() && KerasRules.MEMBERS.contains(name)) {
                    objects.peek().putIfAbsent(name, "");
                }
                if (token == JsonToken.START_OBJECT) {
                    objects.push(new HashMap<>());
                } else if (token == JsonToken.END_OBJECT) {
                    KerasRules.problem(objects.pop()).ifPresent(problem -> inspection.unsafe(where, problem));
                    if (first && objects.isEmpty()) {
                        return Outcome.READ;
                    }
                } else if (token == JsonToken.VALUE_STRING) {
                    string(objects, name, parser);
                } else if (token == JsonToken.VALUE_TRUE && name.equals("trust_remote_code")) { // CVE-2026-5241
                    inspection.remoteCode(where, "its trust_remote_code allows code of a repository");
                }
                name = token == JsonToken.START_ARRAY ? name : "";
            }
            return Outcome.READ;
        } catch (StreamConstraintsException e) {
            return Outcome.BEYOND_LIMITS;
        } catch (JacksonException e) {
            if (e.getCause() instanceof ScanLimitException limit) {
                throw limit;
            }
            return Outcome.OTHER;
        }
    }

    private void string(Deque<Map<String, String>> objects, String name, JsonParser parser) {
        if (objects.isEmpty()) {
            return;
        }
        if (name.contains("template")) {
            TemplateRules.problem(parser.getString())
                    .ifPresent(problem -> inspection.unsafe(where, "its chat template " + problem));
        } else if (KerasRules.MEMBERS.contains(name)) {
            String text = parser.getString();
            objects.peek().put(name, text.length() <= LONGEST_KEPT ? text : text.substring(0, LONGEST_KEPT));
        } else if (name.equals("__loader__") && SKOPS_CALLS.contains(parser.getString())) {
            inspection.unsafe(where, "its skops schema calls a function by " + parser.getString());
        } else if (name.equals(HydraRules.MEMBER)) {
            HydraRules.check(parser.getString(), where, inspection);
        } else if (name.equals("vocabulary") && isInConfig(objects)) { // of a Keras layer: CVE-2025-12058
            String file = parser.getString();
            if (ProtobufScan.isOutside(file) || file.contains("://")) {
                inspection.unsafe(where, "its Keras layer reads words from '" + file + "', outside of the model");
            }
        } else if (name.endsWith("_implementation") || name.endsWith("_implementation_internal")) {
            if (parser.getString().contains("/")) { // a repository of kernels: CVE-2026-4372
                inspection.remoteCode(where, "its " + name + " loads code of " + parser.getString());
            }
        } else if (name.equals("type") && inspection.name(where).equals(SENTENCE_MODULES)) {
            if (!parser.getString().startsWith("sentence_transformers.")) {
                inspection.remoteCode(where, "its module " + parser.getString() + " may be code of the repository");
            }
        }
    }

    /** Whether the innermost object lies in a member that Keras builds a layer from. */
    private static boolean isInConfig(Deque<Map<String, String>> objects) {
        return objects.stream().skip(1).anyMatch(object -> object.containsKey("config"));
    }
}
