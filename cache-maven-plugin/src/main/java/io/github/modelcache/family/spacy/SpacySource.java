package io.github.modelcache.family.spacy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.SpacyPackage;
import io.github.modelcache.units.NearestName;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The packages of spaCy: {@code spacy:en_core_web_sm}. Without a revision it is the version that spaCy's own table has
 * for the newest spaCy. They are Python packages: the wheel lies in the cache, and a person installs it.
 *
 * @see <a href="https://github.com/explosion/spacy-models">The table, and what is known of each release</a>
 */
public record SpacySource(WebAccess web) implements Source {
    private static final String FACTS = "https://raw.githubusercontent.com/explosion/spacy-models/master/";
    private static final URI TABLE = URI.create(FACTS + "compatibility.json");
    private static final String RELEASES = "https://github.com/explosion/spacy-models/releases/download/";
    private static final int LARGEST_ANSWER = 8 << 20;
    private static final Pattern LINE = Pattern.compile("\\d{1,9}\\.\\d{1,9}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "include", "exclude", "sha256", "to");
        SpacyPackage release = release(declaration);
        Optional<JsonObject> facts =
                web.findObject(reference, URI.create(FACTS + "meta/" + release.release() + ".json"), LARGEST_ANSWER);
        if (facts.isEmpty()) {
            throw unknown(reference, release);
        }
        String checksum = Json.text(facts.get().get("checksum_whl"));
        Optional<Digest> digest =
                SHA256.matcher(checksum).matches() ? Optional.of(Digest.sha256(checksum)) : Optional.empty();
        Optional<String> license =
                Optional.of(Json.text(facts.get().get("license"))).filter(name -> !name.isEmpty());
        String url = RELEASES + release.release() + "/" + release.wheel();
        ModelFile file = new ModelFile(release.wheel(), ModelFile.UNKNOWN_SIZE, digest, url);
        return ResolvedModel.ofFile(declaration, release.version(), license, file);
    }

    /** The version for the newest spaCy, whatever is declared. */
    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        ResolvedModel newest = resolve(declaration.at(Optional.empty()));
        return Optional.of(
                new LatestVersion(newest.revision(), Optional.empty(), newest.license(), Optional.of(newest.files())));
    }

    @Override
    public ResolvedModel measured(ResolvedModel model) throws ModelException {
        return web.measured(model);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return (file, partial) -> web.fetch(model.reference(), file, partial);
    }

    /** Without an index pip asks no server, keeps the spaCy that is there, and names what a package needs besides. */
    @Override
    public Optional<String> nextStep(ResolvedModel model, String folder) {
        String wheel = folder + "/" + model.files().get(0).path();
        String quoted = wheel.indexOf(' ') < 0 ? wheel : "\"" + wheel + "\"";
        return Optional.of("install it where spaCy is with python -m pip install --no-index " + quoted);
    }

    private SpacyPackage release(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        try {
            SpacyPackage.requireName(reference.id());
            String version =
                    declaration.revision().isPresent() ? declaration.revision().get() : newest(reference);
            return new SpacyPackage(reference.id(), version);
        } catch (IllegalArgumentException e) {
            throw new ModelException(reference + ": " + e.getMessage(), e);
        }
    }

    /** The first version of the newest line of spaCy that has the package. */
    private String newest(ModelReference reference) throws ModelException {
        List<JsonMember> lines = table(reference);
        for (JsonMember line : lines) {
            List<String> versions = versions(line, reference.id());
            if (!versions.isEmpty()) {
                return versions.get(0);
            }
        }
        throw noSuchPackage(reference, lines);
    }

    /** The lines of spaCy, newest first. Those before 3.0 are listed by full versions, and had no wheels. */
    private List<JsonMember> table(ModelReference reference) throws ModelException {
        Optional<JsonObject> table = web.findObject(reference, TABLE, LARGEST_ANSWER);
        if (table.isEmpty() || !(table.get().get("spacy") instanceof JsonObject lines)) {
            throw new ModelException(reference + ": there is no table of spaCy's packages at " + TABLE
                    + "; check cache.mirrors, or declare a \"revision\" such as 3.8.0");
        }
        return lines.members().stream()
                .filter(line -> LINE.matcher(line.name()).matches())
                .sorted(Comparator.comparing((JsonMember line) -> number(line.name(), 0))
                        .thenComparing(line -> number(line.name(), 1))
                        .reversed())
                .toList();
    }

    private static int number(String line, int position) {
        return Integer.parseInt(line.split("\\.", -1)[position]);
    }

    private static List<String> versions(JsonMember line, String name) {
        List<String> versions = new ArrayList<>();
        if (line.value() instanceof JsonObject packages && packages.get(name) instanceof JsonArray array) {
            array.items().stream()
                    .map(Json::text)
                    .filter(version -> !version.isEmpty())
                    .forEach(versions::add);
        }
        return versions;
    }

    private ModelException unknown(ModelReference reference, SpacyPackage release) throws ModelException {
        List<JsonMember> lines = table(reference);
        Set<String> known = new TreeSet<>();
        lines.forEach(line -> known.addAll(versions(line, release.name())));
        if (known.isEmpty()) {
            return noSuchPackage(reference, lines);
        }
        return new ModelException(reference + " has no version " + release.version() + "; there are "
                + String.join(", ", known) + ". Change its \"revision\" in the config");
    }

    private static ModelException noSuchPackage(ModelReference reference, List<JsonMember> lines) {
        Set<String> names = new TreeSet<>();
        for (JsonMember line : lines) {
            if (line.value() instanceof JsonObject packages) {
                packages.members().forEach(member -> names.add(member.name()));
            }
        }
        String hint = NearestName.of(reference.id(), names)
                .map(name -> "did you mean spacy:" + name + "?")
                .orElse("see https://spacy.io/models");
        return new ModelException(reference + " is not a package of spaCy 3 or newer; " + hint);
    }
}
