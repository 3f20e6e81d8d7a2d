package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.TransferProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The digests of layers, remembered by their recipes, so that files are read again only when they changed. A recipe decides
 * the digest, so what is remembered never becomes wrong; a lost file costs time only.
 */
final class LayerDigests {

    private static final int MOST_REMEMBERED = 5_000;

    private final Path file;
    private final Map<Digest, Digest> remembered;
    private final Map<Digest, Digest> used = new ConcurrentHashMap<>();

    private LayerDigests(Path file, Map<Digest, Digest> remembered) {
        this.file = file;
        this.remembered = remembered;
    }

    /** What a file remembers; one that is missing or damaged remembers nothing. */
    static LayerDigests read(Path file) throws IOException {
        Map<Digest, Digest> remembered = new ConcurrentHashMap<>();
        try {
            for (String line : RegularFile.text(file, RegularFile.SMALL).split("\n", -1)) {
                String[] parts = line.split(" ", -1);
                if (parts.length == 2) {
                    remembered.put(Digest.parse(parts[0]), Digest.parse(parts[1]));
                }
            }
        } catch (NoSuchFileException e) {
            return new LayerDigests(file, remembered);
        } catch (IOException | IllegalArgumentException e) {
            remembered.clear();
        }
        return new LayerDigests(file, remembered);
    }

    /** The SHA-256 of a layer. */
    Digest of(ImageLayer layer) throws IOException {
        Digest recipe = layer.recipe();
        Digest known = remembered.get(recipe);
        Digest digest = known == null ? computed(layer) : known;
        used.put(recipe, digest);
        return digest;
    }

    private static Digest computed(ImageLayer layer) throws IOException {
        MessageDigest digest = DigestAlgorithm.SHA256.start(layer.size());
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            layer.writeTo(out, TransferProgress.NONE);
        }
        return Digest.of(DigestAlgorithm.SHA256, digest.digest());
    }

    /** Stores what was used and, as far as there is room, what was remembered before. */
    void save() throws IOException {
        used.keySet().forEach(remembered::remove);
        String text = Stream.concat(used.entrySet().stream(), remembered.entrySet().stream())
                .limit(MOST_REMEMBERED)
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .sorted()
                .collect(Collectors.joining());
        AtomicFiles.writeUnflushed(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
