package io.github.modelcache.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How a file's content is named. */
public enum DigestAlgorithm {
    /** SHA-256 of the bytes, 64 hexadecimal digits. */
    SHA256("sha256", "SHA-256", 64),

    /**
     * The name git gives a blob: SHA-1 of {@code "blob " + length + NUL + bytes}, 40 hexadecimal digits.
     *
     * @see <a href="https://git-scm.com/book/en/v2/Git-Internals-Git-Objects">Git objects</a>
     */
    GIT_SHA1("git_sha1", "SHA-1", 40),

    /** Plain SHA-1 of the bytes, 40 hexadecimal digits: some repository managers name what they mirror by it. */
    SHA1("sha1", "SHA-1", 40);

    private final String id;
    private final String standardName;
    private final int hexLength;

    DigestAlgorithm(String id, String standardName, int hexLength) {
        this.id = id;
        this.standardName = standardName;
        this.hexLength = hexLength;
    }

    /** The name in the lock and in reports, for example {@code sha256}. */
    public String id() {
        return id;
    }

    /** The number of hexadecimal digits of a digest. */
    public int hexLength() {
        return hexLength;
    }

    /**
     * A digest ready for the content's bytes.
     *
     * @param length how many bytes will follow; only {@link #GIT_SHA1} needs it, which hashes it first
     */
    public MessageDigest start(long length) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(standardName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + standardName + ", which every Java must have", e);
        }
        if (this == GIT_SHA1) {
            digest.update(("blob " + length + '\0').getBytes(StandardCharsets.US_ASCII));
        }
        return digest;
    }
}
