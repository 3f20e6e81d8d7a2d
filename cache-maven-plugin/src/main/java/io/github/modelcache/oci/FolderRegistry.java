package io.github.modelcache.oci;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.GroupPermissions;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A folder with an OCI image layout: {@code blobs/sha256/<digest>}, and {@code index.json}, which names the manifest of each
 * {@code <repository>:<tag>}. All models share the blobs.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image layout</a>
 */
final class FolderRegistry implements Registry {

    private static final String LAYOUT_TEXT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private static final Pattern OWN_NAMES = Pattern.compile("[0-9a-f]{64}|index\\.json|oci-layout");

    private final Path folder;
    private final FolderIndex index;
    private final HttpTransfer transfer;
    private final AtomicBoolean swept = new AtomicBoolean();

    /**
     * The registry in a folder.
     *
     * @param transfer copies and hashes
     */
    FolderRegistry(Path folder, HttpTransfer transfer) {
        this.folder = folder;
        this.index = new FolderIndex(folder);
        this.transfer = transfer;
    }

    @Override
    public void close() {
        transfer.close();
    }

    @Override
    public Optional<byte[]> manifest(String repository, String tag) throws IOException {
        requireLayout();
        Optional<Digest> digest = tagged(repository, tag);
        return digest.isEmpty() ? Optional.empty() : manifest(repository, digest.get());
    }

    @Override
    public Optional<byte[]> manifest(String repository, Digest digest) throws IOException {
        requireLayout();
        Path file = blob(digest);
        try (InputStream in = RegularFile.stream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_MANIFEST + 1);
            if (bytes.length > LONGEST_MANIFEST) {
                throw new TransferException(
                        TransferException.Kind.TOO_LONG, file + " is longer than a manifest may be");
            }
            Digest actual = Hashing.digest(bytes, DigestAlgorithm.SHA256);
            if (!actual.equals(digest)) {
                throw new TransferException(
                        TransferException.Kind.DIGEST_MISMATCH,
                        file + " is " + actual + ", not what its name says; delete it and push the model again");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean has(String repository, String tag, Manifest top, Collection<Manifest> parts, Collection<Blob> blobs)
            throws IOException {
        if (!tagged(repository, tag).equals(Optional.of(top.digest())) || !isThere(Blob.of(top.text()))) {
            return false;
        }
        for (Manifest part : parts) {
            if (!isThere(Blob.of(part.text()))) {
                return false;
            }
        }
        for (Blob blob : blobs) {
            if (!isThere(blob)) {
                return false; // nobody watches over a folder
            }
        }
        return true;
    }

    private boolean isThere(Blob blob) throws IOException {
        Path file = blob(blob.digest());
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == blob.size();
    }

    private Optional<Digest> tagged(String repository, String tag) throws IOException {
        return index.digest(repository + ":" + tag);
    }

    @Override
    public boolean put(String repository, Blob blob, Optional<String> from, TransferProgress progress)
            throws IOException {
        try {
            return store(blob, progress);
        } catch (IOException e) {
            throw isFull(e) ? noRoom(blob.size(), e) : e;
        }
    }

    private boolean store(Blob blob, TransferProgress progress) throws IOException {
        createLayout();
        sweep();
        if (isThere(blob)) {
            return false;
        }
        Path target = blob(blob.digest());
        Path temporary = AtomicFiles.temporaryBeside(target);
        try {
            if (blob.file().isPresent()) {
                transfer.fetch(
                        blob.file().get().toUri(),
                        temporary,
                        new ExpectedContent(blob.size(), Optional.of(blob.digest())),
                        progress);
            } else {
                write(blob, temporary, progress);
            }
            AtomicFiles.publish(temporary, target);
            return true;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Blob blob, Path temporary, TransferProgress progress) throws IOException {
        progress.started(temporary.toUri(), 0, blob.size());
        try {
            AtomicFiles.createParents(temporary);
            MessageDigest digest = DigestAlgorithm.SHA256.start(blob.size());
            try (OutputStream out =
                    new DigestOutputStream(Channels.newOutputStream(AtomicFiles.createNew(temporary)), digest)) {
                blob.content().writeTo(out, progress);
            }
            Digest written = Digest.of(DigestAlgorithm.SHA256, digest.digest());
            if (!written.equals(blob.digest())) {
                throw new IOException("what was to be " + blob.digest() + " is " + written
                        + ". Did a file change meanwhile? mvn cache:verify -Dcache.rehash=true tells");
            }
            progress.succeeded();
        } catch (IOException | RuntimeException e) {
            progress.failed(e);
            throw e;
        }
    }

    @Override
    public void putPart(String repository, Manifest part) throws IOException {
        put(repository, Blob.of(part.text()), Optional.empty(), TransferProgress.NONE);
    }

    @Override
    public void putManifest(String repository, String tag, Manifest manifest) throws IOException {
        try {
            createLayout();
            AtomicFiles.write(blob(manifest.digest()), manifest.bytes());
            index.put(repository + ":" + tag, manifest);
        } catch (IOException e) {
            throw isFull(e) ? noRoom(manifest.bytes().length, e) : e;
        }
    }

    @Override
    public TransferResult fetch(
            String repository, Digest digest, Path partial, ExpectedContent expected, TransferProgress progress)
            throws IOException {
        return transfer.fetch(blob(digest).toUri(), partial, expected, progress);
    }

    private boolean isFull(IOException problem) {
        return problem instanceof TransferException known
                ? known.kind() == TransferException.Kind.DISK_FULL
                : DiskSpace.isFull(problem, folder);
    }

    private TransferException noRoom(long bytes, IOException cause) {
        return new TransferException(
                TransferException.Kind.DISK_FULL,
                "the disk of " + folder + " is full: " + ByteSize.format(bytes)
                        + " more have no room there; make some and"
                        + " push again. What was pushed before is as it was",
                cause);
    }

    private Path blob(Digest digest) {
        return folder.resolve("blobs").resolve("sha256").resolve(digest.hex());
    }

    private void requireLayout() throws TransferException {
        if (Files.isRegularFile(folder.resolve("oci-layout"))) {
            return;
        }
        throw new TransferException(
                TransferException.Kind.UNREACHABLE,
                folder
                        + " has no models: there is no OCI layout in it. Is the drive mounted? mvn cache:push creates"
                        + " it");
    }

    /** Only in a folder that is there: a drive that is not mounted is an empty folder of this very disk. */
    private void createLayout() throws IOException {
        Path layout = folder.resolve("oci-layout");
        if (Files.isRegularFile(layout)) {
            return;
        }
        Path parent = folder.getParent();
        if (!Files.isDirectory(folder) && (parent == null || !Files.isDirectory(parent))) {
            throw new TransferException(
                    TransferException.Kind.UNREACHABLE,
                    folder + " can't be created, because the folder above it is missing. Is the drive mounted?");
        }
        GroupPermissions.createDirectories(folder.resolve("blobs").resolve("sha256"));
        index.create();
        AtomicFiles.write(layout, LAYOUT_TEXT.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes what pushes that were killed have left. That it can't be deleted keeps nobody from pushing. */
    private void sweep() {
        if (swept.getAndSet(true)) {
            return;
        }
        Instant limit = Instant.now().minus(PartialFiles.ABANDONED);
        sweep(folder, limit);
        sweep(folder.resolve("blobs").resolve("sha256"), limit);
    }

    private static void sweep(Path place, Instant limit) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "*.tmp")) {
            for (Path file : files) {
                if (isAbandoned(file, limit)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Somebody else's, or gone: it costs room and nothing else.
            return;
        }
    }

    private static boolean isAbandoned(Path file, Instant limit) throws IOException {
        return AtomicFiles.targetOf(String.valueOf(file.getFileName()))
                        .filter(name -> OWN_NAMES.matcher(name).matches())
                        .isPresent()
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(limit);
    }
}
