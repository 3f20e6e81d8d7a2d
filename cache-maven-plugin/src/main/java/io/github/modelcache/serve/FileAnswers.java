package io.github.modelcache.serve;

import io.github.modelcache.family.Layout;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers with files of the cache, if they have the size and the digest of the lock file. */
final class FileAnswers {

    private final ModelFiles files;

    FileAnswers(Layout layout, ContentDigests digests) {
        this.files = new ModelFiles(layout, digests);
    }

    /** The files of a model that can't be served, each with its problem. */
    List<String> problems(ResolvedModel model) throws IOException {
        return files.states(model).stream()
                .flatMap(state -> problem(state).stream())
                .toList();
    }

    private static Optional<String> problem(ModelFiles.State state) {
        return state.problem()
                .map(problem -> state.file().path()
                        + switch (problem) {
                            case MISSING -> " is missing";
                            case WRONG_SIZE ->
                                " has " + state.actualSize() + " bytes instead of "
                                        + state.file().size();
                            case WRONG_CONTENT -> " has other content than the lock file says";
                            case UNKNOWN -> " has no digest in the lock file";
                        });
    }

    /**
     * The answer to a request for a file.
     *
     * @throws NotServedException if the lock file does not list it
     */
    Answer answer(Request request, ResolvedModel model, String path) throws IOException {
        ModelFile file = model.files().stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow(() -> NotServedException.entry(model, path));
        ModelFiles.State state = files.states(model.withFiles(List.of(file))).get(0);
        Optional<String> problem = problem(state);
        CacheEntry content = state.content().orElse(null);
        if (problem.isPresent() || content == null) {
            return Answer.error(
                    500,
                    problem.orElse(path) + " (" + model.version()
                            + "); run mvn cache:download where cache:serve runs, and ask again");
        }
        String etag = '"' + file.digest().orElseThrow().hex() + '"';
        Answer answer = matches(request.header("if-none-match"), etag)
                ? Answer.empty(304)
                : part(request, RegularFile.channel(content.path()), file.size(), etag);
        return answer.with("ETag", etag)
                .with("X-Linked-ETag", etag)
                .with("X-Linked-Size", String.valueOf(file.size()))
                .with("X-Repo-Commit", model.revision())
                .with("Accept-Ranges", "bytes");
    }

    private static Answer part(Request request, FileChannel content, long size, String etag) {
        Optional<ByteRange> range = request.header("range")
                .filter(header -> request.header("if-range").map(etag::equals).orElse(true))
                .flatMap(header -> ByteRange.parse(header, size));
        long start = range.map(ByteRange::start).orElse(0L);
        long length = range.map(ByteRange::length).orElse(size);
        Answer answer = new Answer(
                range.isEmpty() ? 200 : length == 0 ? 416 : 206,
                Map.of("Content-Type", "application/octet-stream"),
                new Answer.FilePart(content, start, length));
        if (size == 0 && request.header("range").isPresent()) {
            return answer.with("Content-Range", "bytes */0"); // where huggingface.js reads the size
        }
        return range.map(part -> answer.with("Content-Range", part.contentRange(size)))
                .orElse(answer);
    }

    private static boolean matches(Optional<String> header, String etag) {
        return header.isPresent()
                && List.of(header.get().split("\\s*,\\s*")).stream()
                        .anyMatch(each ->
                                each.equals("*") || each.replaceFirst("^W/", "").equals(etag));
    }
}
