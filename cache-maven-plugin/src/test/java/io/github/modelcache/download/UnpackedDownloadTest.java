package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are published as an archive. */
class UnpackedDownloadTest {

    private static final DownloadOptions PLAIN = new DownloadOptions(2, false, Set.of(), false, "mvn cache:download");

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private TestProject project;
    private Path zip;

    @BeforeEach
    void create() throws Exception {
        project = new TestProject(folder);
        zip = elsewhere.resolve("vosk-small.zip");
        pack("vosk-small/am/final.mdl", "vosk-small/conf/mfcc.conf");
    }

    private void pack(String... names) throws Exception {
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (String name : names) {
                out.putNextEntry(new ZipEntry(name));
                out.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private CacheConfig config(String more) throws Exception {
        return project.config(
                "\"models\": [{\"model\": \"url:" + zip.toUri().toString().replace("file:///", "file:/")
                        + "\", \"to\": \"vosk/vosk-small.zip\"" + more + "}]");
    }

    private ModelDownload.Result download(CacheConfig config) throws Exception {
        Sources sources = new Sources(Map.of(
                "url",
                new UrlSource(
                        new WebAccess(
                                new HttpTransfer(HttpOptions.standard("test")),
                                new Mirrors(Map.of()),
                                false,
                                () -> TransferProgress.NONE),
                        new PluginDirectory(config).downloads())));
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            return new ModelDownload(config, sources, project.lock(), digests, PLAIN, project).download();
        }
    }

    private static List<String> files(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private Lock lock() throws Exception {
        return project.lock().read();
    }

    @Test
    void liesUnpackedInAFolderThatIsCalledLikeTheArchive() throws Exception {
        CacheConfig config = config("");
        download(config);
        assertThat(files(config.modelsHome()))
                .containsExactly("vosk/vosk-small/am/final.mdl", "vosk/vosk-small/conf/mfcc.conf");
        ResolvedModel model = lock().models().iterator().next();
        assertThat(new Layouts(config).path(model))
                .isEqualTo(config.modelsHome().resolve("vosk/vosk-small"));
        assertThat(files(new PluginDirectory(config).downloads())).isEmpty();
    }

    @Test
    void isFetchedAgainFileByFileAsTheLockSays() throws Exception {
        CacheConfig config = config("");
        download(config);
        Lock before = lock();
        Path damaged = config.modelsHome().resolve("vosk/vosk-small/am/final.mdl");
        Files.delete(damaged);
        assertThat(download(config).fetchedModels()).isEqualTo(1);
        assertThat(damaged).hasContent("vosk-small/am/final.mdl");
        assertThat(lock()).isEqualTo(before);
        assertThat(download(config).fetchedModels()).isZero();
    }

    @Test
    void isRefusedWhenTheArchiveIsNotTheOneThatIsLocked() throws Exception {
        CacheConfig config = config("");
        download(config);
        Files.delete(config.modelsHome().resolve("vosk/vosk-small/am/final.mdl"));
        pack("vosk-small/am/final.mdl", "vosk-small/conf/other.conf");
        assertThatThrownBy(() -> download(config)).hasMessageContaining("mvn cache:lock");
        assertThat(config.modelsHome().resolve("vosk/vosk-small/am/final.mdl")).doesNotExist();
    }

    @Test
    void holdsOnlyTheFilesThatAreAskedFor() throws Exception {
        CacheConfig config = config(", \"include\": [\"conf/*\"]");
        download(config);
        assertThat(files(config.modelsHome())).containsExactly("vosk/vosk-small/conf/mfcc.conf");
    }

    @Test
    void staysPackedIfTheDeclarationSaysSo() throws Exception {
        CacheConfig config = config(", \"unpack\": false");
        download(config);
        assertThat(files(config.modelsHome())).containsExactly("vosk/vosk-small.zip");
        assertThat(download(config).fetchedModels()).isZero();
    }

    @Test
    void isRefusedAsAWholeIfAnEntryLeadsOut() throws Exception {
        pack("vosk-small/am/final.mdl", "../../../escaped");
        CacheConfig config = config("");
        assertThatThrownBy(() -> download(config))
                .hasMessageContaining("leads out of the folder")
                .hasMessageContaining("\"unpack\": false");
        assertThat(config.modelsHome())
                .satisfiesAnyOf(
                        home -> assertThat(home).doesNotExist(),
                        home -> assertThat(files(home)).isEmpty());
    }
}
