package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.ProxySelection;
import io.github.modelcache.http.Sleeper;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Input, separated by line ends: a Link header, the answer on a revision, the first page of a tree, the other pages. */
@Timeout(120)
class HubApiFuzzTest {

    private static final ModelReference MODEL = new ModelReference("hf", "acme/tiny");

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static AnsweringHub hub;
    private static HubSource source;

    @BeforeAll
    static void start() throws IOException {
        hub = new AnsweringHub();
        // A broken answer is not asked for again.
        HttpOptions options =
                new HttpOptions(LIMIT, LIMIT, 0, Sleeper.SYSTEM, Credentials.NONE, ProxySelection.NONE, "test");
        HttpTransfer transfer = new HttpTransfer(options);
        // Whatever a list of files leads to is asked of this machine, or not at all.
        Mirrors mirrors = new Mirrors(Map.of());
        source = new HubSource(transfer, mirrors, hub.endpoint(), false, () -> TransferProgress.NONE, warning -> {});
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @FuzzTest
    void answersBecomeSafeFilesOrAProblem(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String[] answers = Arrays.copyOf(text.split("\n", 4), 4);
        for (int i = 0; i < answers.length; i++) {
            answers[i] = answers[i] == null ? "" : answers[i];
        }
        answers[0] = answers[0].replaceAll("[^ -~]", "");
        hub.answer(answers[0], answers[1], answers[2], answers[3]);
        try {
            ResolvedModel model = source.resolve(ModelDeclaration.of(MODEL));
            assertThat(model.revision()).matches("[0-9a-f]{40}");
            for (ModelFile file : model.files()) {
                assertThat(SafeRelativePath.problem(file.path())).isEmpty();
                assertThat(file.complete()).isTrue();
                assertThat(URI.create(file.url()).getHost()).isEqualTo("huggingface.co");
            }
        } catch (ModelException e) {
            assertThat(e.getMessage()).contains("hf:").doesNotContain("\u001b");
        }
    }
}
