package io.github.modelcache.layout;

import io.github.modelcache.io.Digest;
import io.github.modelcache.io.DigestAlgorithm;
import io.github.modelcache.model.ModelFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The list of files of one commit, {@code trees/<commit>.json}, format version 1: by it the hub's clients since 1.22
 * know offline whether a snapshot is complete.
 */
final class HubTree {

    private HubTree() {}

    /** The text of the list, as the hub's own client writes it. */
    static String text(List<ModelFile> files) {
        StringBuilder text = new StringBuilder("{\n \"files\": {");
        String separator = "\n";
        for (ModelFile file :
                files.stream().sorted(Comparator.comparing(ModelFile::path)).toList()) {
            Digest digest = file.digest().orElseThrow();
            boolean large = digest.algorithm() == DigestAlgorithm.SHA256;
            String blobId = large ? pointerId(digest, file.size()) : digest.hex();
            text.append(separator).append("  \"").append(escaped(file.path())).append("\": {\n");
            text.append("   \"blob_id\": \"").append(blobId).append("\",\n");
            if (large) {
                text.append("   \"lfs_sha256\": \"").append(digest.hex()).append("\",\n");
                text.append("   \"lfs_size\": ").append(file.size()).append(",\n");
            }
            text.append("   \"size\": ").append(file.size()).append("\n  }");
            separator = ",\n";
        }
        return text.append(files.isEmpty() ? "}" : "\n }")
                .append(",\n \"format_version\": 1\n}")
                .toString();
    }

    /**
     * The git name of the pointer that stands for a large file in the repository, whose text its digest and size fix.
     *
     * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS pointers</a>
     */
    private static String pointerId(Digest sha256, long size) {
        byte[] pointer = ("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.hex() + "\nsize " + size
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        MessageDigest digest = DigestAlgorithm.GIT_SHA1.start(pointer.length);
        return HexFormat.of().formatHex(digest.digest(pointer));
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }
}
