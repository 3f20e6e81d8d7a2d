package io.github.modelcache.it.project;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A jar as publishers of models make them, or as attackers do. */
public final class ModelJar {

    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END_OF_CENTRAL = 0x06054b50;
    private static final int UNIX = 3;
    private static final int SYMBOLIC_LINK = 0120777;

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, String> links = new LinkedHashMap<>();

    /** A jar with a manifest, a Maven descriptor and a class beside its models. */
    public static ModelJar usual() {
        return new ModelJar()
                .add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8))
                .add("META-INF/maven/org.example/tiny/pom.properties", "version=1\n".getBytes(StandardCharsets.UTF_8))
                .add(
                        "org/example/Model.class",
                        new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 61});
    }

    /** Adds an entry. */
    public ModelJar add(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Adds an entry that is a symbolic link, as Info-ZIP writes it. */
    public ModelJar link(String name, String target) {
        links.put(name, target);
        return add(name, target.getBytes(StandardCharsets.UTF_8));
    }

    /** The jar. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTime(1_700_000_000_000L);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = out.toByteArray();
        if (!links.isEmpty()) {
            markLinks(bytes);
        }
        return bytes;
    }

    /** The same jar, but its directory says that the entry unpacks to so few bytes. */
    public byte[] bytesThatUnderstate(String name, int size) {
        byte[] bytes = bytes();
        forEachCentralHeader(bytes, (buffer, at, entry) -> {
            if (entry.equals(name)) {
                buffer.putInt(at + 24, size);
            }
        });
        return bytes;
    }

    private void markLinks(byte[] bytes) {
        forEachCentralHeader(bytes, (buffer, at, entry) -> {
            if (links.containsKey(entry)) {
                buffer.put(at + 5, (byte) UNIX);
                buffer.putInt(at + 38, SYMBOLIC_LINK << 16);
            }
        });
    }

    private static void forEachCentralHeader(byte[] bytes, Visitor visitor) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = bytes.length - 22;
        if (buffer.getInt(end) != END_OF_CENTRAL) {
            throw new IllegalStateException("no end of the central directory");
        }
        int at = buffer.getInt(end + 16);
        while (buffer.getInt(at) == CENTRAL_HEADER) {
            int nameLength = buffer.getShort(at + 28);
            String name = new String(bytes, at + 46, nameLength, StandardCharsets.UTF_8);
            visitor.visit(buffer, at, name);
            at += 46 + nameLength + buffer.getShort(at + 30) + buffer.getShort(at + 32);
        }
    }

    private interface Visitor {
        void visit(ByteBuffer buffer, int at, String entry);
    }
}
