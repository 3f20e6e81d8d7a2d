package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.UrlPaths;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.Urls;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The two questions that are asked of the hub: which commit is this revision, and which files does it hold? */
final class HubApi {

    private static final int LARGEST_ANSWER = 15 << 20;
    private static final Map<String, String> JSON = Map.of("Accept", "application/json");
    private static final Pattern NEXT_PAGE = Pattern.compile("<([^<>]+)>\\s*;\\s*rel=\"?next\"?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** No repository that works has that many; a server that never ends a list must not fill the memory. */
    private static final int MOST_ENTRIES = 5_000_000;

    /** At 1,000 entries a page this is more than {@link #MOST_ENTRIES}; it ends lists of small pages. */
    private static final int MOST_PAGES = 10_000;

    /** No disk holds a longer path, and no server asks for a longer address. */
    private static final int LONGEST_NAME = 4 * 1024;

    private final HttpTransfer transfer;
    private final URI endpoint;
    private final ModelReference reference;
    private final int mostEntries;
    private final int mostPages;

    HubApi(HttpTransfer transfer, URI endpoint, ModelReference reference) {
        this(transfer, endpoint, reference, MOST_ENTRIES, MOST_PAGES);
    }

    HubApi(HttpTransfer transfer, URI endpoint, ModelReference reference, int mostEntries, int mostPages) {
        this.transfer = transfer;
        this.endpoint = endpoint;
        this.reference = reference;
        this.mostEntries = mostEntries;
        this.mostPages = mostPages;
    }

    /**
     * A revision.
     *
     * @param id the repository's present name
     * @param commit 40 hexadecimal digits
     */
    record Revision(String id, String commit, Optional<String> license, boolean gated, Optional<Instant> modified) {}

    /** A file of a commit. */
    record TreeFile(String path, long size, Digest digest) {}

    Revision revision(HubRepository repository, String name) throws ModelException {
        URI address = endpoint.resolve(repository.apiPath() + "/revision/" + UrlPaths.encodeSegment(name));
        RevisionAnswer answer = new RevisionAnswer();
        BufferedResponse head = ask(() -> transfer.read(address, JSON, answer::read), HubErrors::of);
        if (answer.problem().isPresent()) {
            throw notJson(head, address, answer.problem().get());
        }
        if (!answer.isObject()) {
            throw invalid(address, "an object was expected");
        }
        String commit = answer.commit();
        if (!COMMIT.matcher(commit).matches()) {
            throw invalid(address, "\"sha\" is not a commit");
        }
        if (COMMIT.matcher(name).matches() && !commit.equals(name)) {
            throw invalid(address, "it names commit " + TextSanitizer.text(commit));
        }
        String id = answer.id().isEmpty() ? repository.id() : answer.id();
        return new Revision(id, commit, answer.license(), answer.gated(), answer.modified());
    }

    /**
     * The selected files of a commit, page by page; the others are not kept in memory.
     *
     * @param wanted selects files by path, with {@code /} between segments
     */
    List<TreeFile> tree(HubRepository repository, String commit, Predicate<String> wanted) throws ModelException {
        List<TreeFile> files = new ArrayList<>();
        Set<URI> asked = new HashSet<>();
        Set<String> beginnings = new HashSet<>();
        int entries = 0;
        Optional<URI> next = Optional.of(
                endpoint.resolve(repository.apiPath() + "/tree/" + commit + "?recursive=true&expand=false"));
        while (next.isPresent()) {
            URI address = next.get();
            if (!asked.add(address)) {
                throw invalid(address, "its pages repeat");
            }
            if (asked.size() > mostPages) {
                throw invalid(address, "it has more than " + mostPages + " pages");
            }
            BufferedResponse answer = get(address, HubErrors::ofList);
            requireCommit(answer, address, commit);
            List<Json> page = page(answer, address);
            String beginning = page.isEmpty() ? "" : path(object(page.get(0), address), address);
            // A list names nothing twice, so two pages that begin alike are one page under two addresses.
            if (!beginnings.add(beginning)) {
                throw invalid(address, "its pages repeat");
            }
            entries += page.size();
            if (entries > mostEntries) {
                throw invalid(address, "it lists more than " + mostEntries + " files");
            }
            addFiles(page, address, wanted, files);
            next = nextPage(answer, address);
        }
        return files;
    }

    /** The text of a small file of a commit, checked against its digest. */
    String text(HubRepository repository, String commit, TreeFile file) throws ModelException {
        URI address =
                endpoint.resolve(repository.webPath() + "/resolve/" + commit + "/" + UrlPaths.encode(file.path()));
        byte[] body = get(address, (model, hub, e) -> HubErrors.ofFile(model, hub, file.path(), e))
                .body();
        if (!Hashing.digest(body, file.digest().algorithm()).equals(file.digest())) {
            throw invalid(address, "it is not the file whose digest the list of files tells");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    /** A mirror that shows another commit under this one's address would have wrong digests locked. */
    private void requireCommit(BufferedResponse answer, URI address, String commit) throws ModelException {
        Optional<String> told = answer.header("X-Repo-Commit").filter(other -> !other.equals(commit));
        if (told.isPresent()) {
            throw invalid(
                    address,
                    "it is about commit " + TextSanitizer.text(told.get()) + ", but " + commit + " was asked for");
        }
    }

    private List<Json> page(BufferedResponse answer, URI address) throws ModelException {
        if (parse(answer, address) instanceof JsonArray entries) {
            return entries.items();
        }
        throw invalid(address, "a list of files was expected");
    }

    private void addFiles(List<Json> page, URI address, Predicate<String> wanted, List<TreeFile> files)
            throws ModelException {
        for (Json item : page) {
            JsonObject entry = object(item, address);
            if (Json.text(entry.get("type")).equals("file") && wanted.test(path(entry, address))) {
                files.add(file(entry, address));
            }
        }
    }

    /** The path of an entry, which is short enough to be kept. */
    private String path(JsonObject entry, URI address) throws ModelException {
        String path = Json.text(entry.get("path"));
        if (path.length() > LONGEST_NAME) {
            throw invalid(address, "it lists a file whose path is longer than " + LONGEST_NAME + " characters");
        }
        return path;
    }

    private TreeFile file(JsonObject entry, URI address) throws ModelException {
        try {
            String path = Json.text(entry.get("path"));
            if (entry.get("lfs") instanceof JsonObject lfs) {
                return new TreeFile(path, number(lfs.get("size")), Digest.sha256(Json.text(lfs.get("oid"))));
            }
            Digest digest = new Digest(DigestAlgorithm.GIT_SHA1, Json.text(entry.get("oid")));
            return new TreeFile(path, number(entry.get("size")), digest);
        } catch (IllegalArgumentException e) {
            throw invalid(address, String.valueOf(e.getMessage()));
        }
    }

    /** The next page, which must be on the same server: it is asked with the same token. */
    private Optional<URI> nextPage(BufferedResponse answer, URI address) throws ModelException {
        Matcher link = NEXT_PAGE.matcher(answer.header("Link").orElse(""));
        if (!link.find()) {
            return Optional.empty();
        }
        if (link.group(1).length() > LONGEST_NAME) {
            throw invalid(address, "the address of its next page is longer than " + LONGEST_NAME + " characters");
        }
        try {
            URI next = address.resolve(link.group(1));
            return Optional.of(sameServer(next) ? next : here(next));
        } catch (IllegalArgumentException e) {
            throw invalid(address, "the address of its next page is broken");
        }
    }

    /** A mirror that hands on the hub's own addresses means itself. */
    private URI here(URI page) {
        String path = page.getRawPath() == null ? "" : page.getRawPath().replaceFirst("^/+", "");
        return URI.create(endpoint + path + (page.getRawQuery() == null ? "" : "?" + page.getRawQuery()));
    }

    private boolean sameServer(URI address) {
        return String.valueOf(address.getAuthority()).equals(endpoint.getAuthority())
                && String.valueOf(address.getScheme()).equals(endpoint.getScheme());
    }

    private BufferedResponse get(URI address, ErrorMapper errors) throws ModelException {
        return ask(() -> transfer.get(address, JSON, LARGEST_ANSWER), errors);
    }

    @FunctionalInterface
    private interface Question {
        BufferedResponse ask() throws IOException;
    }

    /** What it means that a question is not answered. */
    @FunctionalInterface
    private interface ErrorMapper {
        ModelException of(ModelReference reference, URI endpoint, TransferException problem);
    }

    private BufferedResponse ask(Question question, ErrorMapper errors) throws ModelException {
        try {
            return question.ask();
        } catch (TransferException e) {
            throw errors.of(reference, endpoint, e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be resolved: " + e.getMessage(), e);
        }
    }

    private Json parse(BufferedResponse answer, URI address) throws ModelException {
        try {
            return JsonDocument.parse("the hub's answer", answer.text()).root();
        } catch (JsonException e) {
            throw notJson(answer, address, String.valueOf(e.getMessage()));
        }
    }

    private ModelException notJson(BufferedResponse answer, URI address, String problem) {
        boolean page = answer.header("Content-Type").orElse("").startsWith("text/html");
        return new ModelException(reference + ": the answer of " + Urls.display(address) + " is not JSON "
                + (page ? "but an HTML page" : "(" + problem + ")") + "; if " + endpoint
                + " is a mirror or proxy, open it in a browser; it may require a login");
    }

    private JsonObject object(Json value, URI address) throws ModelException {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw invalid(address, "an object was expected");
    }

    private ModelException invalid(URI address, String what) {
        return new ModelException(reference + ": the answer of " + Urls.display(address) + " is not valid: " + what
                + ". Check cache.endpoint and HF_ENDPOINT");
    }

    private static long number(@Nullable Json value) {
        if (value instanceof JsonNumber number) {
            try {
                long size = number.longValue();
                if (size >= 0) {
                    return size;
                }
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("a size is no whole number", e);
            }
        }
        throw new IllegalArgumentException("a file has no size");
    }
}
