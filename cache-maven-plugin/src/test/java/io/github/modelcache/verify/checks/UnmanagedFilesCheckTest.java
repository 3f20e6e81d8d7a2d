package io.github.modelcache.verify.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import io.github.modelcache.verify.Verifier;
import io.github.modelcache.verify.VerifyReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnmanagedFilesCheckTest {

    private static final String CHECKPOINTS = ".cache/torch/hub/checkpoints/";

    @TempDir
    Path folder;

    private TestProject project;
    private Verifier verifier;

    @BeforeEach
    void prepare() throws Exception {
        project = new TestProject(folder);
        verifier = new Verifier(project);
    }

    @Test
    void holdsACheckpointAgainstTheDigitsInItsName() throws Exception {
        Path content = project.write("content", "weights");
        String digits = Hashing.digest(content, DigestAlgorithm.SHA256).hex().substring(0, 8);
        Path right = project.write(CHECKPOINTS + "net-" + digits + ".pth", "weights");
        assertThat(verifier.found()).isEmpty();
        assertThat(verifier.verify().bytesHashed()).isZero();
        Files.writeString(right, "WEIGHTS");
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).containsExactly("model-corrupt error " + folder.relativize(right));
        assertThat(report.findings().get(0).expected()).contains("sha256 begins with " + digits);
        assertThat(report.findings().get(0).actual()).get().asString().startsWith("sha256:");
    }

    @Test
    void aPlaceholderOfACheckpointIsNamed() throws Exception {
        project.write(CHECKPOINTS + "net-0123abcd.pth", "<html>");
        project.write(CHECKPOINTS + "plain.pth", "");
        assertThat(verifier.found())
                .containsExactly(
                        "not-a-model error " + CHECKPOINTS + "net-0123abcd.pth",
                        "not-a-model error " + CHECKPOINTS + "plain.pth");
    }

    @Test
    void holdsAWhisperModelAgainstTheTable() throws Exception {
        // openai-whisper writes in place, so a download that was cut off is a short file.
        project.write(".cache/whisper/tiny.pt", "a part");
        assertThat(verifier.found()).containsExactly("model-corrupt error .cache/whisper/tiny.pt");
    }

    @Test
    void unknownFilesAreOneFinding() throws Exception {
        project.write(CHECKPOINTS + "mine.pth", "weights");
        project.write(CHECKPOINTS + "model-20240131.pt", "a date, not a digest");
        project.write(".cache/whisper/finetuned.pt", "weights");
        VerifyReport report = verifier.verify();
        assertThat(verifier.lines(report)).containsExactly("unverifiable info " + CHECKPOINTS + "mine.pth");
        assertThat(report.findings().get(0).message()).startsWith("3 files can't be checked");
        assertThat(report.bytesHashed()).isZero();
    }

    @Test
    void leavesALockedCheckpointToTheLock() throws Exception {
        Path file = project.write(CHECKPOINTS + "net-0123abcd.pth", "weights");
        ModelReference reference = ModelReference.parse("torch:https://h/net-0123abcd.pth");
        verifier.declare(reference.toString());
        ModelFile locked = new ModelFile(
                "net-0123abcd.pth",
                7,
                Optional.of(Hashing.digest(file, DigestAlgorithm.SHA256)),
                "https://h/net-0123abcd.pth");
        verifier.lock(new ResolvedModel(reference, ModelRequest.PLAIN, "1", Optional.empty(), false, List.of(locked)));
        VerifyReport report = verifier.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.files()).isEqualTo(1);
    }

    @Test
    void followsALinkToACheckpointOnAnotherDisk() throws Exception {
        Path content = project.write("elsewhere/weights", "weights");
        Files.createDirectories(folder.resolve(CHECKPOINTS));
        Files.createSymbolicLink(folder.resolve(CHECKPOINTS + "net-0123abcd.pth"), content);
        assertThat(verifier.found()).containsExactly("model-corrupt error " + CHECKPOINTS + "net-0123abcd.pth");
    }
}
