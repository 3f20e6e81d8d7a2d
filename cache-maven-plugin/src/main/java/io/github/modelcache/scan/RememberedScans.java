package io.github.modelcache.scan;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Scans files, each content once for each version of the rules: what is known of a digest is not read again. Several
 * threads may ask.
 */
public final class RememberedScans {
    private static final int LARGEST = 64 << 20;
    private static final String HEADER = "scans of rules " + ModelScanner.RULES;

    private final Path file;
    private final Map<String, ScanResult> known = new TreeMap<>();
    private final ModelScanner scanner = new ModelScanner();
    private boolean changed;

    /**
     * Scans that are kept in a file; one that is missing, broken or of other rules knows nothing.
     *
     * @param again whether to scan everything anew
     */
    public RememberedScans(Path file, boolean again) {
        this.file = file;
        if (!again) {
            read();
        }
    }

    /**
     * What is in a file.
     *
     * @param name its path in the model
     * @param digest of its content, if it is known
     * @throws IOException if it cannot be read
     */
    public ScanResult scan(Path path, String name, Optional<Digest> digest) throws IOException {
        Optional<String> key = digest.map(of -> of + extension(name));
        synchronized (this) {
            ScanResult before = key.map(known::get).orElse(null);
            if (before != null) {
                return before;
            }
        }
        ScanResult result = scanner.scan(path, name);
        synchronized (this) {
            key.ifPresent(of -> known.put(of, result));
            changed |= key.isPresent();
        }
        return result;
    }

    /** Writes what was learned; false if that is not possible, which only costs time. */
    public synchronized boolean save() {
        if (!changed) {
            return true;
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        known.forEach((key, result) -> {
            text.append(key).append(' ').append(result.format()).append('\n');
            result.issues()
                    .forEach(issue -> text.append('\t')
                            .append(issue.kind())
                            .append(' ')
                            .append(issue.what())
                            .append('\n'));
        });
        try {
            AtomicFiles.createParents(file.toAbsolutePath());
            Path temporary = AtomicFiles.temporaryBeside(file);
            Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW);
            AtomicFiles.publish(temporary, file);
            changed = false;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Names make a difference to scripts and templates only. */
    private static String extension(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String extension = last.substring(last.lastIndexOf('.') + 1);
        return extension.matches("[a-z0-9]{1,12}") ? "." + extension : "";
    }

    private void read() {
        try {
            List<String> lines = new String(RegularFile.bytes(file, LARGEST), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
                return;
            }
            for (int i = 1; i < lines.size(); ) {
                int space = lines.get(i).indexOf(' ');
                String key = lines.get(i).substring(0, space);
                String format = lines.get(i).substring(space + 1);
                List<ScanIssue> issues = new ArrayList<>();
                for (i++; i < lines.size() && lines.get(i).startsWith("\t"); i++) {
                    String line = lines.get(i);
                    int end = line.indexOf(' ');
                    issues.add(new ScanIssue(ScanIssue.Kind.valueOf(line.substring(1, end)), line.substring(end + 1)));
                }
                known.put(key, new ScanResult(format, issues));
            }
        } catch (IOException | RuntimeException e) {
            known.clear(); // everything is scanned again
        }
    }
}
