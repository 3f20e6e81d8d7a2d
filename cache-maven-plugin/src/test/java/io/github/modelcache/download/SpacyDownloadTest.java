package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.spacy.SpacySource;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.status.CacheStatus;
import io.github.modelcache.status.StatusCollector;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpacyDownloadTest {

    private static final String FACTS = "https://raw.githubusercontent.com/";
    private static final String RELEASES = "https://github.com/";
    private static final String TABLE = "/raw.githubusercontent.com/explosion/spacy-models/master/compatibility.json";
    private static final byte[] WHEEL = Family.bytes("wheel");

    @TempDir
    Path folder;

    private TestProject project;
    private Family spacy;
    private Path wheel;

    @BeforeEach
    void serve() throws Exception {
        project = new TestProject(folder);
        spacy = new Family(project, "spacy", (web, config) -> new SpacySource(web));
        wheel = folder.resolve(".cache/models/spacy/en_core_web_sm-3.8.0-py3-none-any.whl");
        spacy.server.on(TABLE, FaultyServer.ok(Family.bytes("""
                {"spacy": {
                  "3.9": {"de_core_news_sm": ["3.9.0"], "en_core_web_sm": []},
                  "3.10": {"xx_ent_wiki_sm": ["3.10.0"]},
                  "4.0.0.dev1": {"en_core_web_sm": ["4.0.0a1"]},
                  "3.8": {"en_core_web_sm": ["3.8.0", "3.7.1"]},
                  "3.7": {"en_core_web_sm": ["3.7.1"]},
                  "2.3.1": {"en_core_web_sm": ["2.3.1"]}
                }}""")));
        release("en_core_web_sm", "3.8.0", WHEEL, Family.sha256(WHEEL));
    }

    @AfterEach
    void stop() throws Exception {
        spacy.close();
    }

    private void release(String name, String version, byte[] content, String checksum) {
        String release = name + "-" + version;
        spacy.server.on(
                "/raw.githubusercontent.com/explosion/spacy-models/master/meta/" + release + ".json",
                FaultyServer.ok(
                        Family.bytes("{\"license\": \"MIT\", \"checksum_whl\": \"" + checksum + "\", \"size\": 12}")));
        spacy.server.on(
                "/github.com/explosion/spacy-models/releases/download/" + release + "/" + release + "-py3-none-any.whl",
                FaultyServer.ok(content));
    }

    private CacheConfig declared(String model) throws Exception {
        return spacy.config(model, FACTS, RELEASES);
    }

    private ResolvedModel locked() throws Exception {
        return project.lock().read().models().iterator().next();
    }

    @Test
    void takesTheVersionThatTheNewestSpacyHasAndSaysHowToInstallIt() throws Exception {
        CacheConfig config = declared("\"spacy:en_core_web_sm\"");
        spacy.download(config);
        assertThat(wheel).hasBinaryContent(WHEEL);
        assertThat(locked().revision()).isEqualTo("3.8.0");
        assertThat(locked().license()).hasValue("MIT");
        assertThat(locked().files().get(0).url())
                .isEqualTo("https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.8.0/"
                        + "en_core_web_sm-3.8.0-py3-none-any.whl");
        assertThat(project.said())
                .containsOnlyOnce("info: spacy:en_core_web_sm: install it where spaCy is with"
                        + " python -m pip install --no-index"
                        + " .cache/models/spacy/en_core_web_sm-3.8.0-py3-none-any.whl");
        int requests = spacy.server.requests().size();
        int lines = project.said().size();
        assertThat(requests).isEqualTo(3);
        assertThat(spacy.download(config).fetchedModels()).isZero();
        assertThat(spacy.server.requests()).hasSize(requests);
        assertThat(project.said()).hasSize(lines);
    }

    @Test
    void takesAnExactVersionWithoutAskingTheTable() throws Exception {
        release("en_core_web_sm", "3.7.1", WHEEL, Family.sha256(WHEEL));
        spacy.download(declared("{\"model\": \"spacy:en_core_web_sm\", \"revision\": \"3.7.1\"}"));
        assertThat(locked().revision()).isEqualTo("3.7.1");
        assertThat(spacy.server.requests()).hasSize(2);
    }

    @Test
    void refusesAWheelWithAnotherDigest() throws Exception {
        release("en_core_web_sm", "3.8.0", Family.bytes("other"), Family.sha256(WHEEL));
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_sm\"")))
                .hasMessageContaining(Family.sha256(WHEEL));
        assertThat(wheel).doesNotExist();
    }

    @Test
    void repairsADamagedWheel() throws Exception {
        CacheConfig config = declared("\"spacy:en_core_web_sm\"");
        spacy.download(config);
        Files.writeString(wheel, "whee1");
        spacy.download(config);
        assertThat(wheel).hasBinaryContent(WHEEL);
        assertThat(spacy.server.requests()).hasSize(4);
    }

    @Test
    void pinsByContentWhereNoDigestIsKnown() throws Exception {
        release("en_core_web_sm", "3.8.0", WHEEL, "");
        spacy.download(declared("\"spacy:en_core_web_sm\""));
        assertThat(locked().revision()).isEqualTo("3.8.0");
        assertThat(locked().files().get(0).digest()).hasToString("Optional[sha256:" + Family.sha256(WHEEL) + "]");
    }

    @Test
    void suggestsTheNameThatWasMeant() throws Exception {
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_smm\"")))
                .hasMessageContaining("did you mean spacy:en_core_web_sm?");
        assertThatThrownBy(() ->
                        spacy.download(declared("{\"model\": \"spacy:de_core_newssm\", \"revision\": \"3.9.0\"}")))
                .hasMessageContaining("did you mean spacy:de_core_news_sm?");
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:something\"")))
                .hasMessageContaining("is not a package of spaCy 3 or newer; see https://spacy.io/models");
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:../evil\"")))
                .hasMessageContaining("write it like spacy:en_core_web_sm");
    }

    @Test
    void namesTheVersionsThatThereAre() throws Exception {
        assertThatThrownBy(() ->
                        spacy.download(declared("{\"model\": \"spacy:en_core_web_sm\", \"revision\": \"3.9.9\"}")))
                .hasMessageContaining("has no version 3.9.9; there are 3.7.1, 3.8.0");
        assertThatThrownBy(
                        () -> spacy.download(declared("{\"model\": \"spacy:en_core_web_sm\", \"revision\": \"a/b\"}")))
                .hasMessageContaining("write it like 3.8.0");
    }

    @Test
    void saysWhatIsWrongWithAMirror() throws Exception {
        spacy.server.on(TABLE, FaultyServer.ok(Family.bytes("<html>")));
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_sm\"")))
                .hasMessageContaining("not JSON")
                .hasMessageContaining("cache.mirrors");
        spacy.server.on(TABLE, FaultyServer.ok(Family.bytes("[]")));
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_sm\"")))
                .hasMessageContaining("should be an object");
        spacy.server.on(TABLE, FaultyServer.status(404));
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_sm\"")))
                .hasMessageContaining("declare a \"revision\"");
        spacy.goOffline();
        assertThatThrownBy(() -> spacy.download(declared("\"spacy:en_core_web_sm\"")))
                .hasMessageContaining("offline (-o)");
    }

    @Test
    void statusNamesTheWheelsThatNobodyDeclared() throws Exception {
        CacheConfig config = declared("\"spacy:en_core_web_sm\"");
        spacy.download(config);
        project.write(".cache/models/spacy/xx_ent_wiki_sm-3.8.0-py3-none-any.whl", "wheel");
        project.write(".cache/models/spacy/notes.txt", "mine");
        assertThat(new StatusCollector(config, project.lock().read()).collect().models())
                .extracting(CacheStatus.Model::model)
                .containsExactlyInAnyOrder("spacy:en_core_web_sm", "spacy:xx_ent_wiki_sm");
    }
}
