package io.github.modelcache.family.spacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.huggingface.AnsweringHub;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.ProxySelection;
import io.github.modelcache.http.Sleeper;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Input: one answer for both, the table of spaCy's packages and what is known of a release. */
@Timeout(120)
class SpacySourceFuzzTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String FACTS = "https://raw.githubusercontent.com/explosion/spacy-models/master/";

    private static AnsweringHub server;
    private static SpacySource source;

    @BeforeAll
    static void start() throws IOException {
        server = new AnsweringHub();
        HttpOptions options =
                new HttpOptions(LIMIT, LIMIT, 0, Sleeper.SYSTEM, Credentials.NONE, ProxySelection.NONE, "test");
        Mirrors mirrors = new Mirrors(Map.of(FACTS, server.endpoint().toString()));
        source = new SpacySource(new WebAccess(new HttpTransfer(options), mirrors, false, () -> TransferProgress.NONE));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @FuzzTest
    void answersBecomeOneWheelOrAProblem(byte[] input) {
        server.answer("", "", "", new String(input, StandardCharsets.UTF_8));
        try {
            ResolvedModel model = source.resolve(ModelDeclaration.of(new ModelReference("spacy", "en_core_web_sm")));
            assertThat(model.files()).singleElement().satisfies(file -> {
                assertThat(SafeRelativePath.problem(file.path())).isEmpty();
                assertThat(file.path()).doesNotContain("/").endsWith(".whl");
                assertThat(file.url()).startsWith("https://github.com/explosion/spacy-models/releases/download/");
            });
        } catch (ModelException e) {
            assertThat(e.getMessage()).startsWith("spacy:en_core_web_sm");
        }
    }
}
