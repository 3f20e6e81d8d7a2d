package io.github.modelcache.verify.memory;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelReference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about the models: it holds until the config, the lock or something in a model root changes.
 *
 * @param findings in the order they were made
 * @param files model files looked at
 * @param bytes their size
 * @param usedFiles distinct contents in the model roots
 * @param usedBytes their size
 * @param locked the models of the lock
 */
public record CachedVerification(
        List<Finding> findings, long files, long bytes, long usedFiles, long usedBytes, List<ModelReference> locked) {

    public CachedVerification {
        findings = List.copyOf(findings);
        locked = List.copyOf(locked);
    }

    /** In a form that {@link #read} understands. */
    public byte[] written() {
        ByteArrayOutputStream bytesOut = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytesOut)) {
            out.writeLong(files);
            out.writeLong(bytes);
            out.writeLong(usedFiles);
            out.writeLong(usedBytes);
            out.writeInt(findings.size());
            for (Finding finding : findings) {
                write(out, finding);
            }
            out.writeInt(locked.size());
            for (ModelReference model : locked) {
                write(out, Optional.of(model.toString()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory can't be written to", e);
        }
        return bytesOut.toByteArray();
    }

    /**
     * Reads what {@link #written} gave.
     *
     * @throws IOException when it is something else
     */
    public static CachedVerification read(byte[] written) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(written))) {
            long files = in.readLong();
            long bytes = in.readLong();
            long usedFiles = in.readLong();
            long usedBytes = in.readLong();
            List<Finding> findings = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                findings.add(finding(in));
            }
            List<ModelReference> locked = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                locked.add(ModelReference.parse(text(in).orElse("")));
            }
            return new CachedVerification(findings, files, bytes, usedFiles, usedBytes, locked);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a verdict", e);
        }
    }

    private static void write(DataOutputStream out, Finding finding) throws IOException {
        write(out, Optional.of(finding.id().name()));
        write(out, Optional.of(finding.severity().name()));
        write(out, finding.model().map(ModelReference::toString));
        write(out, finding.path().map(Path::toString));
        write(out, finding.expected());
        write(out, finding.actual());
        write(out, Optional.of(finding.message()));
        write(out, Optional.of(finding.fix()));
    }

    private static Finding finding(DataInputStream in) throws IOException {
        return new Finding(
                FindingId.valueOf(text(in).orElse("")),
                Severity.valueOf(text(in).orElse("")),
                text(in).map(ModelReference::parse),
                text(in).map(Path::of),
                text(in),
                text(in),
                text(in).orElse(""),
                text(in).orElse(""));
    }

    private static void write(DataOutputStream out, Optional<String> text) throws IOException {
        if (text.isEmpty()) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = text.get().getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static Optional<String> text(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? Optional.empty() : Optional.of(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
}
