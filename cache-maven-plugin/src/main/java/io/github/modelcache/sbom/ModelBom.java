package io.github.modelcache.sbom;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The locked models as a CycloneDX bill of materials. The same lock and the same files give the same bytes: it has no
 * time stamp, and its serial number is a hash of its content.
 *
 * @see <a href="https://cyclonedx.org/docs/1.7/json/">CycloneDX 1.7, JSON</a>
 */
public final class ModelBom {
    private static final String SCHEMA = "http://cyclonedx.org/schema/bom-1.7.schema.json";
    /** Licences that sources write in lower case, as SPDX spells them. */
    private static final Map<String, String> SPDX = spdx(
            "MIT",
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "ISC",
            "Unlicense",
            "Zlib",
            "CC0-1.0",
            "CC-BY-3.0",
            "CC-BY-4.0",
            "CC-BY-SA-3.0",
            "CC-BY-SA-4.0",
            "CC-BY-NC-2.0",
            "CC-BY-NC-3.0",
            "CC-BY-NC-4.0",
            "CC-BY-NC-SA-4.0",
            "CC-BY-NC-ND-4.0",
            "CC-BY-ND-4.0",
            "GPL-2.0",
            "GPL-3.0",
            "LGPL-2.1",
            "LGPL-3.0",
            "AGPL-3.0",
            "MPL-2.0",
            "EPL-2.0",
            "EUPL-1.1",
            "EUPL-1.2",
            "AFL-3.0",
            "Artistic-2.0",
            "BSL-1.0",
            "MS-PL",
            "OSL-3.0",
            "PostgreSQL",
            "WTFPL",
            "ODbL-1.0",
            "PDDL-1.0",
            "OFL-1.1",
            "NCSA",
            "ECL-2.0",
            "CDLA-Permissive-2.0");

    private final String version;
    private final ModelFacts facts;

    /**
     * Prepares a BOM.
     *
     * @param version of the plugin
     * @param facts the facts that the model files show
     */
    public ModelBom(String version, ModelFacts facts) {
        this.version = version;
        this.facts = facts;
    }

    /** The project that uses the models. */
    public record Project(String group, String name, String version) {}

    /** The whole BOM. */
    public JsonObject of(Project project, Lock lock) throws IOException {
        List<Json> components = components(lock);
        JsonObject body = JsonObject.builder()
                .put("metadata", metadata(project))
                .put("components", JsonArray.of(components))
                .put("dependencies", dependencies(project, lock))
                .build();
        UUID serial = UUID.nameUUIDFromBytes(JsonWriter.compact(body).getBytes(StandardCharsets.UTF_8));
        JsonObject.Builder bom = JsonObject.builder()
                .put("$schema", SCHEMA)
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.7")
                .put("serialNumber", "urn:uuid:" + serial)
                .put("version", 1);
        body.members().forEach(member -> bom.put(member.name(), member.value()));
        return bom.build();
    }

    /** One component for each model, in the order of their references. */
    List<Json> components(Lock lock) throws IOException {
        List<Json> components = new ArrayList<>();
        for (ResolvedModel model : lock.models()) {
            components.add(component(model));
        }
        return components;
    }

    private JsonObject metadata(Project project) {
        JsonObject tool = JsonObject.builder()
                .put("type", "application")
                .put("group", "io.github.modelcache")
                .put("name", "cache-maven-plugin")
                .put("version", version)
                .build();
        return JsonObject.builder()
                .put(
                        "tools",
                        JsonObject.builder()
                                .put("components", JsonArray.of(List.of(tool)))
                                .build())
                .put(
                        "component",
                        JsonObject.builder()
                                .put("type", "application")
                                .put("bom-ref", reference(project))
                                .put("group", project.group())
                                .put("name", project.name())
                                .put("version", project.version())
                                .build())
                .build();
    }

    private static String reference(Project project) {
        return "pkg:maven/" + project.group() + "/" + project.name() + "@" + project.version();
    }

    private JsonObject component(ResolvedModel model) throws IOException {
        String id = model.reference().id();
        int slash = model.reference().scheme().equals("hf") ? id.indexOf('/') : -1;
        JsonObject.Builder component = JsonObject.builder()
                .put("type", "machine-learning-model")
                .put("bom-ref", model.version() + "@" + model.revision());
        if (slash > 0) {
            component.put("group", id.substring(0, slash));
        }
        component
                .put("name", id.substring(slash + 1))
                .put("version", model.revision())
                .put("purl", PackageUrl.of(model));
        if (model.files().size() == 1) {
            hashes(model.files().get(0)).ifPresent(hashes -> component.put("hashes", hashes));
        }
        model.license().ifPresent(license -> component.put("licenses", licenses(license)));
        facts.config(model).flatMap(ModelBom::card).ifPresent(card -> component.put("modelCard", card));
        List<Json> files = new ArrayList<>();
        for (ModelFile file : model.files()) {
            files.add(file(file, facts.format(model, file)));
        }
        return component
                .put("components", JsonArray.of(files))
                .put("properties", properties(model, facts.findings(model)))
                .build();
    }

    private static JsonObject file(ModelFile file, Optional<String> format) {
        JsonObject.Builder component = JsonObject.builder().put("type", "file").put("name", file.path());
        hashes(file).ifPresent(hashes -> component.put("hashes", hashes));
        List<Json> properties = new ArrayList<>();
        properties.add(property("modelcache:size", Long.toString(file.size())));
        format.ifPresent(name -> properties.add(property("modelcache:format", name)));
        file.digest()
                .filter(digest -> digest.algorithm() == DigestAlgorithm.GIT_SHA1)
                .ifPresent(digest -> properties.add(property("modelcache:git-sha1", digest.hex())));
        return component
                .put(
                        "externalReferences",
                        JsonArray.of(List.of(JsonObject.builder()
                                .put("type", "distribution")
                                .put("url", file.url())
                                .build())))
                .put("properties", JsonArray.of(properties))
                .build();
    }

    /** CycloneDX has no name for git's digest, which covers a header too. */
    private static Optional<JsonArray> hashes(ModelFile file) {
        return file.digest()
                .filter(digest -> digest.algorithm() == DigestAlgorithm.SHA256)
                .map(Digest::hex)
                .map(hex -> JsonArray.of(List.of(JsonObject.builder()
                        .put("alg", "SHA-256")
                        .put("content", hex)
                        .build())));
    }

    private static JsonArray licenses(String license) {
        String spdx = SPDX.get(license.toLowerCase(Locale.ROOT));
        JsonObject.Builder choice = JsonObject.builder();
        return JsonArray.of(List.of(JsonObject.builder()
                .put("license", (spdx == null ? choice.put("name", license) : choice.put("id", spdx)).build())
                .build()));
    }

    /** The model's architecture, from its own config. */
    private static Optional<JsonObject> card(JsonObject config) {
        JsonObject.Builder parameters = JsonObject.builder();
        if (config.get("model_type") instanceof JsonString type) {
            parameters.put("architectureFamily", type.value());
        }
        if (config.get("architectures") instanceof JsonArray names
                && !names.items().isEmpty()
                && names.items().get(0) instanceof JsonString first) {
            parameters.put("modelArchitecture", first.value());
        }
        JsonObject built = parameters.build();
        return built.members().isEmpty()
                ? Optional.empty()
                : Optional.of(JsonObject.builder().put("modelParameters", built).build());
    }

    private static JsonArray properties(ResolvedModel model, List<Finding> findings) {
        List<Json> properties = new ArrayList<>();
        properties.add(property("modelcache:reference", model.reference().toString()));
        properties.add(property("modelcache:gated", Boolean.toString(model.gated())));
        for (Finding finding : findings) {
            properties.add(property("modelcache:finding:" + finding.id().id(), finding.message()));
        }
        return JsonArray.of(properties);
    }

    private static JsonObject property(String name, String value) {
        return JsonObject.builder().put("name", name).put("value", value).build();
    }

    static JsonArray dependencies(Project project, Lock lock) {
        List<Json> dependencies = new ArrayList<>();
        List<Json> all = new ArrayList<>();
        for (ResolvedModel model : lock.models()) {
            all.add(JsonString.of(model.version() + "@" + model.revision()));
        }
        dependencies.add(dependency(reference(project), all));
        for (ResolvedModel model : lock.models()) {
            List<Json> needed = new ArrayList<>();
            for (ModelDeclaration declaration : model.dependencies()) {
                lock.find(declaration)
                        .ifPresent(other -> needed.add(JsonString.of(other.version() + "@" + other.revision())));
            }
            dependencies.add(dependency(model.version() + "@" + model.revision(), needed));
        }
        return JsonArray.of(dependencies);
    }

    private static JsonObject dependency(String reference, List<Json> on) {
        JsonObject.Builder dependency = JsonObject.builder().put("ref", reference);
        return (on.isEmpty() ? dependency : dependency.put("dependsOn", JsonArray.of(on))).build();
    }

    private static Map<String, String> spdx(String... ids) {
        Map<String, String> all = new HashMap<>();
        for (String id : ids) {
            all.put(id.toLowerCase(Locale.ROOT), id);
        }
        return Map.copyOf(all);
    }
}
