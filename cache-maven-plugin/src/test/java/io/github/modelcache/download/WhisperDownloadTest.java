package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.whisper.WhisperSource;
import io.github.modelcache.model.WhisperModels;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhisperDownloadTest {

    private static final String HOST = "https://openaipublic.azureedge.net/";

    @TempDir
    Path folder;

    @Test
    void asksForTheFileByItsDigestAndRefusesAnyOther() throws Exception {
        TestProject project = new TestProject(folder);
        try (Family whisper = new Family(project, "whisper", (web, config) -> new WhisperSource(web))) {
            String path = "/openaipublic.azureedge.net/main/whisper/models/"
                    + WhisperModels.read().find("tiny").orElseThrow().digest().hex() + "/tiny.pt";
            whisper.server.on(path, FaultyServer.ok(Family.bytes("no such model")));
            assertThatThrownBy(() -> whisper.download(whisper.config("\"whisper:tiny\"", HOST)))
                    .hasMessageContaining("whisper:tiny")
                    .hasMessageContaining("openai-whisper accepts no other content")
                    .hasMessageNotContaining("cache.update");
            assertThat(whisper.server.requests().get(0).path()).isEqualTo(path);
            assertThat(folder.resolve(".cache/whisper/tiny.pt")).doesNotExist();
            assertThatThrownBy(() -> whisper.download(whisper.config("\"whisper:tini\"", HOST)))
                    .hasMessageContaining("expected one of")
                    .hasMessageContaining("tiny.en");
        }
    }

    @Test
    void knowsEveryNameAndWhichFileIsWhich() {
        WhisperModels models = WhisperModels.read();
        assertThat(models.names()).hasSize(14).contains("large", "turbo", "large-v3-turbo");
        assertThat(models.find("large")).isEqualTo(models.find("large-v3"));
        assertThat(models.reference("large-v3.pt")).hasToString("Optional[whisper:large-v3]");
        assertThat(models.reference("other.pt")).isEmpty();
    }

    @Test
    void aLockAsksOnlyForTheSize() throws Exception {
        try (Family whisper = new Family(new TestProject(folder), "whisper", (web, config) -> new WhisperSource(web))) {
            String path = "/openaipublic.azureedge.net/main/whisper/models/"
                    + WhisperModels.read().find("tiny").orElseThrow().digest().hex() + "/tiny.pt";
            whisper.server.on(path, FaultyServer.answer(206, Family.bytes("w"), "Content-Range: bytes 0-0/5000"));

            whisper.lock(whisper.config("\"whisper:tiny\"", HOST));

            assertThat(new TestProject(folder).lock().read().models())
                    .singleElement()
                    .satisfies(model -> assertThat(model.files().get(0).size()).isEqualTo(5000));
            assertThat(whisper.server.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.header("Range")).isEqualTo("bytes=0-0"));
            assertThat(folder.resolve(".cache/whisper/tiny.pt")).doesNotExist();
        }
    }
}
