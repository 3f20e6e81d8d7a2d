package io.github.modelcache.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A commit as GitHub packs it: one folder holds everything, the comment is the commit. */
public final class RepositoryZip {

    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END_BYTES = 22;
    private static final int UNIX = 3;
    private static final int SYMBOLIC_LINK = 0120777;

    private final String commit;
    private final String top;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Set<String> links = new HashSet<>();

    /** An archive of a commit; the comment may be empty. */
    public RepositoryZip(String commit) {
        this.commit = commit;
        this.top = "owner-name-" + commit + "/";
    }

    /** Adds a file of the repository. */
    public RepositoryZip add(String path, byte[] content) {
        return raw(top + path, content);
    }

    /** Adds a file of the repository. */
    public RepositoryZip add(String path, String content) {
        return add(path, content.getBytes(UTF_8));
    }

    /** Adds a symbolic link. */
    public RepositoryZip link(String path, String target) {
        links.add(top + path);
        return add(path, target);
    }

    /** Adds an entry under the very name given, wherever that leads. */
    public RepositoryZip raw(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** The archive. */
    public byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, UTF_8)) {
            zip.setComment(commit);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTime(1_700_000_000_000L);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        byte[] bytes = out.toByteArray();
        markLinks(bytes);
        return bytes;
    }

    private void markLinks(byte[] bytes) {
        ByteBuffer zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = zip.getInt(zip.limit() - END_BYTES - commit.length() + 16);
        while (zip.getInt(at) == CENTRAL_HEADER) {
            int nameLength = zip.getShort(at + 28);
            if (links.contains(new String(bytes, at + 46, nameLength, UTF_8))) {
                zip.put(at + 5, (byte) UNIX);
                zip.putInt(at + 38, SYMBOLIC_LINK << 16);
            }
            at += 46 + nameLength + zip.getShort(at + 30) + zip.getShort(at + 32);
        }
    }
}
