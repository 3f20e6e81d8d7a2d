package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpContent;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry behind HTTP.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution</a>
 */
final class HttpRegistry implements Registry {

    private static final Map<String, String> MANIFESTS = Map.of("Accept", MANIFEST_TYPES);

    /** What registries say of a content that is not what its digest or its length says. */
    private static final Set<String> DIFFERS = Set.of("DIGEST_INVALID", "SIZE_INVALID");

    private static final Pattern CODE = Pattern.compile("\"code\"\\s{0,9}:\\s{0,9}\"([A-Z_]{1,40})\"");
    /** Beside so many bytes a round trip is nothing. */
    private static final long WORTH_ASKING_BYTES = 8L << 20;
    /** How often one request may be made with a new token, as a long one must be whose tokens end sooner. */
    private static final int MOST_RENEWALS = 10;
    /** How often in turn if no byte came meanwhile; the first may only be what another thread got. */
    private static final int MOST_IDLE_RENEWALS = 2;

    private final URI server;
    private final HttpTransfer transfer;
    private final RegistryLogin login;
    /** Repositories that had nothing when the first model was about to be pushed to them. */
    private final Set<String> empty = ConcurrentHashMap.newKeySet();

    HttpRegistry(URI server, RegistryLogin login, HttpOptions options) {
        this.server = server;
        this.login = login;
        this.transfer = new HttpTransfer(options.withCredentials(login));
    }

    @Override
    public void close() {
        transfer.close();
    }

    @Override
    public Optional<byte[]> manifest(String repository, String tag) throws IOException {
        return found(() -> answer(repository, tag).body());
    }

    @Override
    public Optional<byte[]> manifest(String repository, Digest digest) throws IOException {
        Optional<byte[]> bytes =
                found(() -> answer(repository, digest.toString()).body());
        if (bytes.isPresent()) {
            Digest actual = Hashing.digest(bytes.get(), DigestAlgorithm.SHA256);
            if (!actual.equals(digest)) {
                throw new TransferException(
                        Kind.DIGEST_MISMATCH,
                        "the manifest that " + server.getRawAuthority() + " has for " + digest + " in " + repository
                                + " is " + actual + "; the registry, or a proxy before it, is wrong");
            }
        }
        return bytes;
    }

    private BufferedResponse answer(String repository, String reference) throws IOException {
        URI uri = uri(repository, "/manifests/" + reference);
        return allowed(repository, false, Optional.empty(), uri, () -> transfer.get(uri, MANIFESTS, LONGEST_MANIFEST));
    }

    @Override
    public boolean has(String repository, String tag, Manifest top, Collection<Manifest> parts, Collection<Blob> blobs)
            throws IOException {
        if (!names(repository, tag, top.digest())) {
            if (isNew(repository)) {
                empty.add(repository);
            }
            return false;
        }
        for (Manifest part : parts) {
            if (!names(repository, part.digest().toString(), part.digest())) {
                return false; // garbage collectors take manifests without a tag
            }
        }
        return true;
    }

    /** Whether the registry knows nothing of a repository; then no blob has to be asked for before it is sent. */
    private boolean isNew(String repository) throws IOException {
        URI uri = uri(repository, "/tags/list");
        try {
            return found(() -> allowed(
                            repository,
                            true,
                            Optional.empty(),
                            uri,
                            () -> transfer.get(uri, Map.of(), LONGEST_MANIFEST)))
                    .isEmpty();
        } catch (TransferException e) {
            return false; // it does not tell, or has more tags than fit
        }
    }

    private boolean names(String repository, String reference, Digest manifest) throws IOException {
        URI uri = uri(repository, "/manifests/" + reference);
        Optional<BufferedResponse> answer =
                found(() -> allowed(repository, true, Optional.empty(), uri, () -> transfer.head(uri, MANIFESTS)));
        // A registry takes no manifest whose blobs are missing, and keeps them for it.
        return answer.flatMap(head -> head.header("Docker-Content-Digest"))
                .flatMap(HttpRegistry::digest)
                .filter(manifest::equals)
                .isPresent();
    }

    @Override
    public boolean put(String repository, Blob blob, Optional<String> from, TransferProgress progress)
            throws IOException {
        URI place = uri(repository, "/blobs/" + blob.digest());
        boolean asks = !empty.contains(repository) || blob.size() >= WORTH_ASKING_BYTES;
        if (asks
                && found(() -> allowed(repository, true, from, place, () -> transfer.head(place, Map.of())))
                        .isPresent()) {
            return false;
        }
        // Where it was not asked for, the repository itself may have it: from a push that was stopped.
        String other = from.orElse(asks ? "" : repository);
        String mount = other.isEmpty() ? "" : "?mount=" + encoded(blob.digest().toString()) + "&from=" + encoded(other);
        URI uploads = uri(repository, "/blobs/uploads/" + mount);
        HttpContent content = HttpContent.of(blob.size(), out -> blob.content().writeTo(out, progress));
        progress.started(place, 0, blob.size());
        try {
            boolean sent = allowed(repository, true, from, uploads, () -> {
                return transfer.upload(
                        uploads,
                        named -> completed(named, blob.digest()),
                        Map.of("Content-Type", "application/octet-stream"),
                        content);
            });
            progress.succeeded();
            return sent;
        } catch (TransferException e) {
            progress.failed(e);
            throw e.status().orElse(0) == 400 ? rejected(place, uploads, e) : e;
        } catch (IOException | RuntimeException e) {
            progress.failed(e);
            throw e;
        }
    }

    private static TransferException rejected(URI place, URI uploads, TransferException cause) {
        Matcher code = CODE.matcher(cause.text());
        Optional<String> reason = code.find() ? Optional.of(code.group(1)) : Optional.empty();
        if (reason.isPresent() && DIFFERS.contains(reason.get())) {
            return cause.saying(
                    place + " was not taken: the registry says that what was sent is not what its digest says. Did the"
                            + " file change meanwhile? mvn cache:verify -Dcache.rehash=true tells");
        }
        boolean sent = !cause.answered().equals(Optional.of(uploads));
        return cause.saying(place + " was not taken"
                + reason.map(text -> ": the registry says " + text).orElse("") + ": " + cause.getMessage()
                + (reason.isEmpty() && sent
                        ? ". If the file changed meanwhile, mvn cache:verify -Dcache.rehash=true tells"
                        : ""));
    }

    @Override
    public void putPart(String repository, Manifest part) throws IOException {
        put(repository, part.digest().toString(), part);
    }

    @Override
    public void putManifest(String repository, String tag, Manifest manifest) throws IOException {
        put(repository, tag, manifest);
    }

    private void put(String repository, String reference, Manifest manifest) throws IOException {
        URI uri = uri(repository, "/manifests/" + reference);
        BufferedResponse answer = allowed(
                repository,
                true,
                Optional.empty(),
                uri,
                () -> transfer.send("PUT", uri, Map.of("Content-Type", manifest.type()), manifest.bytes()));
        Digest sent = manifest.digest();
        Optional<Digest> kept = answer.header("Docker-Content-Digest").flatMap(HttpRegistry::digest);
        if (kept.isPresent() && !kept.get().equals(sent)) {
            throw new TransferException(
                    Kind.DIGEST_MISMATCH,
                    uri + " was sent " + sent + ", but the registry keeps " + kept.get() + "; it changes manifests, so"
                            + " models can't be shared through it");
        }
    }

    @Override
    public TransferResult fetch(
            String repository, Digest digest, Path partial, ExpectedContent expected, TransferProgress progress)
            throws IOException {
        URI uri = uri(repository, "/blobs/" + digest);
        try {
            return allowed(
                    new RegistryLogin.Scope(repository, false, Optional.empty()),
                    uri,
                    () -> transfer.fetch(uri, partial, expected, progress),
                    () -> Files.isRegularFile(partial) ? Files.size(partial) : 0);
        } catch (TransferException e) {
            throw e.kind() == Kind.NOT_FOUND
                    ? e.saying(uri
                            + " answered 404: the registry has lost this content; push it again where it is complete")
                    : e;
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T allowed(String repository, boolean push, Optional<String> from, URI uri, Call<T> call)
            throws IOException {
        return allowed(new RegistryLogin.Scope(repository, push, from), uri, call, () -> 0L);
    }

    /**
     * Asks, and again with a new token where the registry wants one.
     *
     * @param arrived how many bytes came so far
     */
    private <T> T allowed(RegistryLogin.Scope scope, URI uri, Call<T> call, Call<Long> arrived) throws IOException {
        login.widen(scope);
        int idle = 0;
        for (int renewals = 0; ; renewals++) {
            long before = arrived.run();
            Optional<String> used = login.authorization(uri);
            try {
                return call.run();
            } catch (TransferException e) {
                idle = arrived.run() > before ? 0 : idle + 1;
                boolean again = e.status().orElse(0) == 401 && renewals < MOST_RENEWALS && idle <= MOST_IDLE_RENEWALS;
                if (!again || !login.renew(scope, used, e)) {
                    throw login.explained(e);
                }
            }
        }
    }

    private static <T> Optional<T> found(Call<T> call) throws IOException {
        try {
            return Optional.of(call.run());
        } catch (TransferException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private URI uri(String repository, String rest) {
        return URI.create(server + "/v2/" + repository + rest);
    }

    private static URI completed(URI named, Digest digest) {
        String text = named.toString();
        return URI.create(text + (text.indexOf('?') < 0 ? "?" : "&") + "digest=" + encoded(digest.toString()));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static Optional<Digest> digest(String text) {
        try {
            return Optional.of(Digest.parse(text.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
