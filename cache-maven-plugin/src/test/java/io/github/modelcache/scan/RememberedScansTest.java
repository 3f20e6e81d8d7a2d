package io.github.modelcache.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedScansTest {

    private static final Optional<Digest> DIGEST = Optional.of(new Digest(DigestAlgorithm.SHA256, "1".repeat(64)));

    @TempDir
    Path folder;

    private Path file;
    private Path model;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("own/scans.txt");
        model = Files.write(folder.resolve("m.pt"), Samples.HOSTILE);
    }

    private ScanResult scan(boolean again) throws Exception {
        RememberedScans scans = new RememberedScans(file, again);
        ScanResult result = scans.scan(model, "m.pt", DIGEST);
        assertThat(scans.save()).isTrue();
        return result;
    }

    @Test
    void aContentIsReadOnce() throws Exception {
        ScanResult first = scan(false);
        Files.delete(model);

        assertThat(first.issues()).hasSize(1);
        assertThat(scan(false)).isEqualTo(first);
    }

    @Test
    void itIsReadAgainOnRequest() throws Exception {
        scan(false);
        Files.write(model, Samples.HARMLESS);

        assertThat(scan(true).issues()).isEmpty();
    }

    @Test
    void aNoteThatIsBrokenOrOfOtherRulesKnowsNothing() throws Exception {
        for (String note : new String[] {"", "scans of rules 0\nsha256:x.pt zip\n", "x", "scans of rules 1\nbroken"}) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, note);

            assertThat(scan(false).issues()).hasSize(1);
        }
    }

    @Test
    void aContentWithoutADigestIsScannedEachTime() throws Exception {
        RememberedScans scans = new RememberedScans(file, false);
        assertThat(scans.scan(model, "m.pt", Optional.empty()).issues()).hasSize(1);
        Files.write(model, Samples.HARMLESS);

        assertThat(scans.scan(model, "m.pt", Optional.empty()).issues()).isEmpty();
    }
}
