package io.github.modelcache.family.modelscope;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.files.NameClashes;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Models of ModelScope: {@code modelscope:owner/name}. One request lists the files of a branch or tag with their sizes and
 * SHA-256; each file is then one GET. The lock file records the digests, so a branch that moved is noticed.
 *
 * @see <a href="https://pypi.org/project/modelscope-hub/">modelscope_hub, {@code _legacy_api.py}</a>
 */
public record ModelScopeSource(WebAccess web) implements Source {
    private static final String API = "https://modelscope.cn/api/v1/models/";
    private static final int LARGEST_ANSWER = 16 << 20;

    /** The server cuts a longer list without saying so. */
    private static final int LONGEST_LIST = 3000;

    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "sha256", "to");
        String revision = declaration.revision().orElse(ModelScopeLayout.DEFAULT_REVISION);
        if (!ModelScopeLayout.isId(reference.id())) {
            throw new ModelException(reference + " is not a model of ModelScope; write modelscope:owner/name");
        }
        if (!REVISION.matcher(revision).matches()
                || SafeRelativePath.problem(revision).isPresent()) {
            throw new ModelException(reference + ": the revision '" + TextSanitizer.text(revision)
                    + "' is not a branch or tag; expected letters, digits, dots, dashes and underscores");
        }
        FilePatterns patterns = new FilePatterns(declaration.include(), declaration.exclude());
        List<ModelFile> files = new ArrayList<>();
        for (Json entry : entries(reference, revision)) {
            Optional<ModelFile> file = file(reference, revision, entry);
            file.filter(found -> patterns.wants(found.path())).ifPresent(files::add);
        }
        if (files.isEmpty()) {
            throw new ModelException("No file of " + reference + " matches its include and exclude patterns");
        }
        Optional<String> clash =
                NameClashes.find(files.stream().map(ModelFile::path).toList());
        if (clash.isPresent()) {
            throw new ModelException(reference + ": the list of files contradicts itself: "
                    + TextSanitizer.text(clash.get()) + "; check cache.mirrors");
        }
        files.sort(Comparator.comparing(ModelFile::path));
        return new ResolvedModel(reference, declaration.request(), revision, Optional.empty(), false, files);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return (file, partial) -> web.fetch(model.reference(), file, partial);
    }

    private List<Json> entries(ModelReference reference, String revision) throws ModelException {
        URI address =
                URI.create(API + reference.id() + "/repo/files?Revision=" + encoded(revision) + "&Recursive=True");
        JsonObject answer = web.findObject(reference, address, LARGEST_ANSWER)
                .orElseThrow(
                        () -> new ModelException(reference + " does not exist on ModelScope, or has no branch or tag '"
                                + revision + "'; check the names in the config"));
        if (!(answer.get("Data") instanceof JsonObject data) || !(data.get("Files") instanceof JsonArray files)) {
            String message = Json.text(answer.get("Message"));
            throw new ModelException(reference + ": ModelScope lists no files"
                    + (message.isEmpty() ? "" : " (" + TextSanitizer.text(message) + ")")
                    + "; check the name and the revision in the config");
        }
        if (files.items().size() >= LONGEST_LIST) {
            throw new ModelException(reference + " has more files than ModelScope lists at once (" + LONGEST_LIST
                    + "), so some would be missing; this plugin cannot fetch it");
        }
        return files.items();
    }

    /** A file of the list; empty for a folder. */
    private static Optional<ModelFile> file(ModelReference reference, String revision, Json entry)
            throws ModelException {
        if (!(entry instanceof JsonObject file)) {
            throw new ModelException(reference + ": ModelScope's list of files has an entry that is no object;"
                    + " check cache.mirrors");
        }
        if (Json.text(file.get("Type")).equals("tree")) {
            return Optional.empty();
        }
        String path = Json.text(file.get("Path"));
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(reference + " has a file whose name '" + TextSanitizer.text(path) + "' "
                    + problem.get() + "; no file was fetched");
        }
        String sha256 = Json.text(file.get("Sha256"));
        Optional<Digest> digest =
                SHA256.matcher(sha256).matches() ? Optional.of(Digest.sha256(sha256)) : Optional.empty();
        String url = API + reference.id() + "/repo?Revision=" + encoded(revision) + "&FilePath=" + encoded(path);
        return Optional.of(new ModelFile(path, size(file.get("Size")), digest, url));
    }

    private static long size(@Nullable Json value) {
        try {
            return value instanceof JsonNumber number && number.longValue() >= 0
                    ? number.longValue()
                    : ModelFile.UNKNOWN_SIZE;
        } catch (ArithmeticException e) {
            return ModelFile.UNKNOWN_SIZE;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
