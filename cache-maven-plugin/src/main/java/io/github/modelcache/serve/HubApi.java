package io.github.modelcache.serve;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of the model hub's API that clients need for reading.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
final class HubApi {

    private static final int PAGE = 1000;
    private static final Set<String> RESOURCES = Set.of("revision", "tree", "paths-info", "refs", "auth-check");

    private final HubCatalog catalog;
    private final FileAnswers files;

    HubApi(HubCatalog catalog, FileAnswers files) {
        this.catalog = catalog;
        this.files = files;
    }

    /**
     * Answers a request.
     *
     * @throws NotServedException if something is not locked
     * @throws IllegalArgumentException if the request can't be understood
     */
    Answer answer(Request request) throws IOException {
        List<String> path = request.segments();
        boolean api = path.get(0).equals("api") && path.size() > 1;
        if (!request.isRead() && !path.contains("paths-info")) {
            return Answer.error(405, "cache:serve only serves models; it accepts no changes")
                    .with("Allow", "GET, HEAD");
        }
        if (!api) {
            return path.equals(List.of("")) ? Answer.text(index()) : resolve(request, path);
        }
        if (path.get(1).equals("whoami-v2")) {
            return user(request);
        }
        Optional<HubRepository.Type> type = type(path.get(1));
        if (type.isEmpty()) {
            return unknown(request);
        }
        List<String> below = path.subList(2, path.size());
        return below.isEmpty() ? list(type.get()) : repository(request, type.get(), below);
    }

    private static Answer unknown(Request request) {
        return Answer.error(
                404,
                "cache:serve does not serve " + request.path()
                        + "; it has /api/models, /api/datasets, /api/spaces and the files of the locked models");
    }

    private static Optional<HubRepository.Type> type(String plural) {
        return List.of(HubRepository.Type.values()).stream()
                .filter(type -> type.plural().equals(plural))
                .findFirst();
    }

    private String index() {
        return "Models that cache:serve serves (HF_ENDPOINT is this address):\n"
                + catalog.all().stream()
                        .map(model -> model.version() + " " + model.revision() + "\n")
                        .collect(Collectors.joining());
    }

    /** Clients ask who they are to check a token; {@link HubServer} has checked it. */
    private static Answer user(Request request) {
        if (request.header("authorization").isEmpty()) {
            return Answer.error(401, "Invalid username or password.");
        }
        Json token = JsonObject.builder()
                .put("displayName", "cache:serve")
                .put("role", "read")
                .build();
        return Answer.json(JsonObject.builder()
                .put("type", "user")
                .put("id", "cache-serve")
                .put("name", "cache-serve")
                .put("fullname", "cache:serve")
                .put("isPro", false)
                .put("orgs", JsonArray.of(List.of()))
                .put(
                        "auth",
                        JsonObject.builder()
                                .put("type", "access_token")
                                .put("accessToken", token)
                                .build())
                .build());
    }

    private Answer list(HubRepository.Type type) {
        return Answer.json(JsonArray.of(catalog.all().stream()
                .filter(model -> repository(model).type() == type)
                .map(model -> new RepositoryJson(model).info(false))
                .toList()));
    }

    private static HubRepository repository(ResolvedModel model) {
        return HubRepository.parse(model.reference().id());
    }

    /** {@code /org/name/resolve/main/folder/file}, or below {@code /datasets} and {@code /spaces}. */
    private Answer resolve(Request request, List<String> path) throws IOException {
        HubRepository.Type type = type(path.get(0)).orElse(HubRepository.Type.MODEL);
        List<String> id = type == HubRepository.Type.MODEL ? path : path.subList(1, path.size());
        for (int length = 2; length > 0; length--) {
            if (id.size() > length + 2 && id.get(length).equals("resolve")) {
                HubRepository repository = new HubRepository(type, String.join("/", id.subList(0, length)));
                ResolvedModel model = catalog.find(repository, id.get(length + 1));
                return files.answer(request, model, String.join("/", id.subList(length + 2, id.size())));
            }
        }
        return unknown(request);
    }

    private Answer repository(Request request, HubRepository.Type type, List<String> path) throws IOException {
        HubRepository old = new HubRepository(type, path.get(0));
        boolean oneSegment = path.size() == 1 || (RESOURCES.contains(path.get(1)) && catalog.contains(old));
        HubRepository repository = oneSegment ? old : new HubRepository(type, path.get(0) + "/" + path.get(1));
        List<String> rest = path.subList(oneSegment ? 1 : 2, path.size());
        String revision = rest.size() < 2 ? HubRepository.DEFAULT_REVISION : rest.get(1);
        String resource = rest.isEmpty() ? "revision" : rest.get(0);
        if (resource.equals("refs")) {
            return refs(repository);
        }
        ResolvedModel model = catalog.find(repository, revision);
        RepositoryJson json = new RepositoryJson(model);
        return switch (resource) {
            case "revision" -> Answer.json(json.info(isSet(request, "blobs")));
            case "auth-check" -> Answer.json(JsonObject.builder().build());
            case "paths-info" ->
                Answer.json(JsonArray.of(paths(request).stream()
                        .flatMap(each -> json.entry(each).stream())
                        .toList()));
            case "tree" -> tree(request, model, String.join("/", rest.subList(Math.min(2, rest.size()), rest.size())));
            default -> unknown(request);
        };
    }

    private static boolean isSet(Request request, String parameter) {
        String value = request.parameter(parameter).orElse("").toLowerCase(Locale.ROOT);
        return value.equals("true") || value.equals("1");
    }

    private Answer refs(HubRepository repository) throws NotServedException {
        if (!catalog.contains(repository)) {
            catalog.find(repository, HubRepository.DEFAULT_REVISION);
        }
        List<Json> branches = new ArrayList<>();
        for (ResolvedModel model : catalog.revisions(repository)) {
            String name = HubCatalog.revision(model);
            branches.add(JsonObject.builder()
                    .put("name", name)
                    .put("ref", "refs/heads/" + name)
                    .put("targetCommit", model.revision())
                    .build());
        }
        return Answer.json(JsonObject.builder()
                .put("branches", JsonArray.of(branches))
                .put("tags", JsonArray.of(List.of()))
                .put("converts", JsonArray.of(List.of()))
                .build());
    }

    /** A page of the files of a folder; a {@code Link} header leads to the next one. */
    private static Answer tree(Request request, ResolvedModel model, String folder) throws NotServedException {
        boolean recursive = isSet(request, "recursive");
        List<Json> entries = new RepositoryJson(model).entries(folder, recursive);
        if (entries.isEmpty() && !folder.isEmpty()) {
            throw NotServedException.entry(model, folder);
        }
        int page = Math.max(1, Math.min(PAGE, number(request, "limit", PAGE)));
        int from = Math.min(number(request, "cursor", 0), entries.size());
        int to = Math.min(entries.size(), from + page);
        Answer answer = Answer.json(JsonArray.of(entries.subList(from, to))).with("X-Repo-Commit", model.revision());
        return to == entries.size()
                ? answer
                : answer.with(
                        "Link",
                        "<http://" + request.header("host").orElse("127.0.0.1") + request.path() + "?recursive="
                                + recursive + "&limit=" + page + "&cursor=" + to + ">; rel=\"next\"");
    }

    private static int number(Request request, String parameter, int usual) {
        String given = request.parameter(parameter).orElse(String.valueOf(usual));
        if (!given.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("the parameter " + parameter + " is not a whole number");
        }
        return Integer.parseInt(given);
    }

    /** The paths of a {@code paths-info} request, as JSON or as a form. */
    private static List<String> paths(Request request) {
        if (!request.header("content-type").orElse("").startsWith("application/json")) {
            return Request.values(request.body(), "paths");
        }
        try {
            Json root = JsonDocument.parse("the request", request.body()).root();
            Json paths = root instanceof JsonObject object ? object.get("paths") : null;
            if (paths instanceof JsonArray array) {
                return array.items().stream()
                        .filter(JsonString.class::isInstance)
                        .map(path -> ((JsonString) path).value())
                        .toList();
            }
            throw new IllegalArgumentException("the request has no array \"paths\"");
        } catch (JsonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
