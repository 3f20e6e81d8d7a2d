package io.github.modelcache.family.url;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.UrlTarget;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The answer to a HEAD request: what a server says about a file.
 *
 * @param digest if its {@code ETag} is a SHA-256, as on the model hub
 * @param size in bytes, or {@link ModelFile#UNKNOWN_SIZE}
 * @param modified the date of the last change, if the server sends it
 */
record UrlHead(Optional<Digest> digest, long size, Optional<Instant> modified) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    static UrlHead of(BufferedResponse answer) {
        Optional<Digest> digest = answer.header("X-Linked-Etag")
                .or(() -> answer.header("ETag"))
                .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""))
                .filter(tag -> SHA256.matcher(tag).matches())
                .map(Digest::sha256);
        long size = answer.header("X-Linked-Size")
                .or(() -> answer.header("Content-Length"))
                .filter(text -> SIZE.matcher(text).matches())
                .map(Long::parseLong)
                .orElse(ModelFile.UNKNOWN_SIZE);
        return new UrlHead(digest, size, answer.header("Last-Modified").flatMap(UrlHead::time));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The version at the server; empty if the digest or the size that it tells can't be compared with what is locked. */
    Optional<LatestVersion> latest(ResolvedModel locked) {
        Optional<Digest> known = UrlTarget.folder(locked).isPresent()
                ? Optional.of(Digest.parse(locked.revision()))
                : single(locked).flatMap(ModelFile::digest);
        if (digest.isPresent() && known.isPresent()) {
            return Optional.of(
                    digest.equals(known) ? same(locked) : changed(digest.get().toString()));
        }
        long lockedSize = single(locked).map(ModelFile::size).orElse(ModelFile.UNKNOWN_SIZE);
        if (size == ModelFile.UNKNOWN_SIZE || lockedSize == ModelFile.UNKNOWN_SIZE) {
            return Optional.empty();
        }
        return Optional.of(
                size == lockedSize
                        ? same(locked)
                        : changed(modified.map(Instant::toString).orElse(size + " bytes")));
    }

    private static Optional<ModelFile> single(ResolvedModel locked) {
        boolean file = UrlTarget.folder(locked).isEmpty() && locked.files().size() == 1;
        return file ? Optional.of(locked.files().get(0)) : Optional.empty();
    }

    private LatestVersion same(ResolvedModel locked) {
        return new LatestVersion(locked.revision(), modified, Optional.empty(), Optional.of(locked.files()));
    }

    private LatestVersion changed(String revision) {
        ModelFile file = new ModelFile("file", size, digest, "");
        return new LatestVersion(revision, modified, Optional.empty(), Optional.of(List.of(file)));
    }
}
