package io.github.modelcache.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.files.deletion.TreeDeleter;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusTest {

    @TempDir
    Path folder;

    private TestProject project;
    private CacheConfig config;

    @BeforeEach
    void fill() throws Exception {
        project = new TestProject(folder);
        config = project.prepared(
                "\"models\": [\"maven:g:a:1\", \"url:https://h/x.bin\"], \"max_size\": \"1kB\", \"warn_size\": \"900B\"");
        project.write(".cache/models/g/a/1/m.bin", "x".repeat(100));
        Files.createLink(folder.resolve(".cache/torch/same.bin"), folder.resolve(".cache/models/g/a/1/m.bin"));
        project.write(".cache/models/foreign.txt", "hello");
        project.write("out/tmdb_cache/a.json", "{}");
    }

    @Test
    void countsEachContentOnce() throws Exception {
        CacheStatus status = collect();
        assertThat(status.bytes()).isEqualTo(107);
        assertThat(status.files()).isEqualTo(3);
    }

    @Test
    void listsDeclaredAndLockedModels() throws Exception {
        CacheStatus status = collect();
        assertThat(status.models())
                .extracting(CacheStatus.Model::model)
                .containsExactly("maven:g:a:1", "url:https://h/x.bin");
        CacheStatus.Model there = status.models().get(0);
        assertThat(there.bytes()).isEqualTo(100);
        assertThat(there.files()).isEqualTo(1);
        assertThat(there.locked()).isTrue();
        assertThat(there.lastUsed()).isPresent();
        assertThat(status.models().get(1).locked()).isFalse();
    }

    @Test
    void countsAContentOnceThatTwoFilesOfAModelShare() throws Exception {
        Path repository = folder.resolve(".cache/huggingface/hub/models--o--n");
        project.write(".cache/huggingface/hub/models--o--n/blobs/aa", "x".repeat(50));
        String commit = "a".repeat(40);
        List<ModelFile> files = new ArrayList<>();
        for (String name : List.of("a.json", "b.json")) {
            Path link = repository.resolve("snapshots").resolve(commit).resolve(name);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of("../../blobs/aa"));
            files.add(new ModelFile(name, 50, Optional.of(Digest.sha256("00".repeat(32))), "https://h/" + name));
        }
        ResolvedModel model = new ResolvedModel(
                ModelReference.parse("hf:o/n"), ModelRequest.PLAIN, commit, Optional.empty(), false, files);
        CacheStatus.Model there = new StatusCollector(config, Lock.of(List.of(model)))
                .collect().models().stream()
                        .filter(found -> found.model().equals("hf:o/n"))
                        .findFirst()
                        .orElseThrow();
        assertThat(there.bytes()).isEqualTo(50);
        assertThat(there.files()).isEqualTo(2);
    }

    @Test
    void doesNotCountLocksAsFilesOfTheCache() throws Exception {
        long before = collect().files();
        project.write(".cache/models/.locks/0123abcd.lock", "");
        project.write(".cache/huggingface/hub/.locks/models--o--n/aa.lock", "");

        assertThat(collect().files()).isEqualTo(before);
    }

    @Test
    void printsAtMostEightyColumns() throws Exception {
        List<String> lines = new StatusText(ZoneOffset.UTC).lines(collect());
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(String.join("\n", lines)).contains("[###...........................] 10 % of 1.0 kB");
    }

    @Test
    void writesIntegersAndIsoTimes() throws Exception {
        String json = JsonWriter.write(StatusJson.of(collect()));
        assertThat(json)
                .contains("\"bytes\": 107")
                .contains("\"kind\": \"application\"")
                .containsPattern("\"lastUsed\": \"20\\d\\d-\\d\\d-\\d\\dT[0-9:]+Z\"");
    }

    @Test
    void countsASharedContentOnceInTheTotalAndWithEachModel() throws Exception {
        String xet = "ab" + "0".repeat(62);
        Path hub = folder.resolve(".cache/huggingface/hub");
        HubFixture one = new HubFixture(hub, "acme/one").stored("m.bin", xet, "x".repeat(50));
        new HubFixture(hub, "acme/two").stored("m.bin", xet, "x".repeat(50)).small("config.json", "{}");
        ResolvedModel locked = one.resolved();
        CacheStatus status = new StatusCollector(config, Lock.of(List.of(locked))).collect();
        assertThat(status.models())
                .filteredOn(model -> model.kind().equals("hf"))
                .extracting(CacheStatus.Model::model, CacheStatus.Model::bytes, CacheStatus.Model::files)
                .containsExactly(tuple("hf:acme/two", 52L, 2), tuple("hf:acme/one", 50L, 1));
        // The marker of the store weighs 2 B.
        assertThat(status.roots())
                .filteredOn(root -> root.name().equals("huggingface"))
                .extracting(CacheStatus.Root::bytes, CacheStatus.Root::files)
                .containsExactly(tuple(54L, 4L));
        assertThat(status.bytes()).isEqualTo(107 + 54);
    }

    @Test
    void countsABlobOnceThatSeveralFilesLinkTo() throws Exception {
        Path hub = folder.resolve(".cache/huggingface/hub");
        HubFixture twice =
                new HubFixture(hub, "acme/twice").large("a.bin", "x".repeat(50)).large("b.bin", "x".repeat(50));
        CacheStatus status = new StatusCollector(config, Lock.of(List.of(twice.resolved()))).collect();
        assertThat(status.models())
                .filteredOn(model -> model.kind().equals("hf"))
                .extracting(CacheStatus.Model::bytes, CacheStatus.Model::files)
                .containsExactly(tuple(50L, 2));
        CacheStatus undeclared = new StatusCollector(config, Lock.EMPTY).collect();
        assertThat(undeclared.models())
                .filteredOn(model -> model.kind().equals("hf"))
                .extracting(CacheStatus.Model::bytes, CacheStatus.Model::files)
                .containsExactly(tuple(50L, 1));
    }

    @Test
    void countsOnlyTheContentsOfAModel() throws Exception {
        HubFixture tiny = new HubFixture(folder.resolve(".cache/huggingface/hub"), "acme/tiny")
                .large("a.bin", "x".repeat(50))
                .real("b.bin", "y".repeat(20), true)
                .ref("main", HubFixture.COMMIT);
        tiny.tree(Map.of());
        Files.createLink(tiny.file("c.bin"), tiny.blob("a.bin"));
        project.write(".cache/huggingface/hub/models--acme--tiny/blobs/0.incomplete", "1234");
        assertThat(collect().models())
                .filteredOn(model -> model.kind().equals("hf"))
                .extracting(CacheStatus.Model::bytes, CacheStatus.Model::files)
                .containsExactly(tuple(70L, 2));
    }

    @Test
    void showsTheStateOfEachModel() throws Exception {
        Path hub = folder.resolve(".cache/huggingface/hub");
        HubFixture whole = new HubFixture(hub, "acme/whole").large("a.bin", "x".repeat(50));
        HubFixture part = new HubFixture(hub, "acme/part").large("a.bin", "y").large("b.bin", "z");
        HubFixture gone = new HubFixture(hub, "acme/gone").large("a.bin", "gone");
        new HubFixture(hub, "acme/unused").large("a.bin", "nobody's");
        Files.delete(part.blob("b.bin"));
        Path old = Files.createDirectories(whole.folder().resolve("snapshots/" + "f".repeat(40)));
        Files.createSymbolicLink(old.resolve("a.bin"), Path.of("../../blobs/old"));
        Files.writeString(whole.folder().resolve("blobs/old"), "only old");
        Lock lock = Lock.of(List.of(whole.resolved(), part.resolved(), gone.resolved()));
        new TreeDeleter().deleteTree(hub, gone.folder(), path -> false);
        CacheStatus status = new StatusCollector(config, lock).collect();
        assertThat(status.models())
                .filteredOn(model -> model.kind().equals("hf"))
                .extracting(CacheStatus.Model::model, CacheStatus.Model::state, CacheStatus.Model::bytes)
                .containsExactly(
                        tuple("hf:acme/whole", CacheStatus.State.COMPLETE, 50L),
                        tuple("hf:acme/unused", CacheStatus.State.UNUSED, 8L),
                        tuple("hf:acme/whole", CacheStatus.State.UNUSED, 8L),
                        tuple("hf:acme/part", CacheStatus.State.PARTIAL, 1L),
                        tuple("hf:acme/gone", CacheStatus.State.MISSING, 0L));
        assertThat(status.missingBytes()).isEqualTo("gone".length() + "z".length());
        assertThat(freeable(status, "unused")).isEqualTo(16 + "hello".length());
    }

    @Test
    void showsTheSpaceThatCleaningWouldFree() throws Exception {
        CacheStatus status = collect();
        assertThat(freeable(status, "metadata")).isEqualTo(2);
        assertThat(freeable(status, "models")).isEqualTo(105);
        assertThat(freeable(status, "all")).isEqualTo(107);
        assertThat(freeable(status, "stale")).isZero();
        assertThat(new StatusCollector(config, Lock.EMPTY).collect().freeable())
                .contains(new CacheStatus.Freeable("unused", Optional.empty()));
    }

    @Test
    void contentsWithHardLinksElsewhereAreNotFreeable() throws Exception {
        Files.createLink(folder.resolve("elsewhere.bin"), folder.resolve(".cache/models/g/a/1/m.bin"));
        CacheStatus status = collect();
        assertThat(freeable(status, "models")).isEqualTo(5);
        assertThat(freeable(status, "all")).isEqualTo(7);
        assertThat(status.bytes()).isEqualTo(107);
    }

    @Test
    void countsDuplicatesOfTheHubCache() throws Exception {
        Path hub = folder.resolve(".cache/huggingface/hub");
        new HubFixture(hub, "acme/one").large("a.bin", "x".repeat(50));
        new HubFixture(hub, "acme/two").large("a.bin", "x".repeat(50));
        assertThat(collect().duplicateBytes()).isEqualTo(50);
    }

    @Test
    void namesTheLargestModelsAndTheCommandThatFreesEnough() throws Exception {
        config = project.prepared("\"max_size\": \"1kB\", \"warn_size\": \"50B\"");
        assertThat(text(collect(), false))
                .contains("over warn_size")
                .contains("    100 B  maven:g:a:1")
                .contains("mvn cache:clean -Dcache.scope=models -Dcache.keepSize=50");
        Path metadata = project.write("out/tmdb_cache/big.json", "j".repeat(51));
        assertThat(text(collect(), false))
                .containsSubsequence(
                        "To free enough:\n    mvn cache:clean -Dcache.scope=metadata\n",
                        "    mvn cache:clean -Dcache.scope=models -Dcache.keepSize=50");
        Files.delete(metadata);
        config = project.prepared("\"max_size\": \"60B\", \"warn_size\": \"50B\"");
        assertThat(text(collect(), false)).contains("-Dcache.keepSize=60");
        config = project.prepared("\"models\": [\"maven:g:a:1\"], \"max_size\": \"60B\", \"warn_size\": \"50B\"");
        assertThat(text(collect(), false))
                .contains("The declared models need 100 B; declare fewer, or raise cache.max_size")
                .doesNotContain("To free enough");
        config = project.prepared("\"budgets\": {\"models\": {\"warn_size\": \"3B\"}}");
        assertThat(text(collect(), false))
                .contains("models is over its warn_size of 3 B")
                .contains("mvn cache:clean -Dcache.scope=models \"-Dcache.include=maven:g:a:1")
                .doesNotContain("-Dcache.keepSize");
        assertThat(JsonWriter.write(StatusJson.of(collect()))).contains("\"warnBytes\": 3,");
    }

    @Test
    void showsTheGrowthSinceTheLastRecordedBuild() throws Exception {
        SizeRecord before = new SizeRecord(Instant.parse("2026-01-31T09:00:00Z"), 7);
        CacheStatus status =
                new StatusCollector(config, Lock.EMPTY, Instant.now(), Optional.of(before), Optional.empty()).collect();
        assertThat(text(status, false)).contains("+100 B since the build of 2026-01-31");
        assertThat(JsonWriter.write(StatusJson.of(status)))
                .contains("\"recordedBytes\": 7")
                .contains("\"recordedAt\": \"2026-01-31T09:00:00Z\"");
    }

    @Test
    void coloursDoNotChangeTheText() throws Exception {
        CacheStatus status = collect();
        String coloured = text(status, true);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9]*m", "")).isEqualTo(text(status, false));
    }

    private static String text(CacheStatus status, boolean colours) {
        return String.join("\n", new StatusText(ZoneOffset.UTC, colours, Instant.now()).lines(status));
    }

    private static long freeable(CacheStatus status, String scope) {
        return status.freeable().stream()
                .filter(freeable -> freeable.scope().equals(scope))
                .findFirst()
                .flatMap(CacheStatus.Freeable::bytes)
                .orElseThrow();
    }

    @Test
    void showsTheBytesOfHardLinksToFilesElsewhere() throws Exception {
        assertThat(new StatusText(ZoneOffset.UTC).lines(collect())).noneMatch(line -> line.contains("hard links"));
        Path large = project.write(".cache/models/large.bin", "x".repeat(2 << 20));
        Files.createLink(folder.resolve("home-cache.bin"), large);

        assertThat(collect().sharedBytes()).isEqualTo(2 << 20);
        assertThat(new StatusText(ZoneOffset.UTC).lines(collect()))
                .contains("  2.1 MB are hard links to files elsewhere: cleaning does not free them");
    }

    @Test
    void countsPartialDownloadsAsPartOfTheModel() throws Exception {
        HubFixture repository = new HubFixture(folder.resolve("elsewhere"), "acme/one").large("a.bin", "x".repeat(50));
        ResolvedModel model = repository.resolved();
        HubLayout layout = new HubLayout(folder.resolve(".cache/huggingface/hub"));
        Path partial = layout.partial(model, model.files().get(0));
        Files.createDirectories(partial.getParent());
        Files.writeString(partial, "x".repeat(20));
        config = project.prepared("\"models\": [\"hf:acme/one\", \"hf:acme/two\"]");
        project.write(".cache/huggingface/hub/models--acme--two/blobs/ab.incomplete", "x".repeat(30));

        CacheStatus status = new StatusCollector(config, Lock.of(List.of(model))).collect();

        assertThat(status.models())
                .extracting(CacheStatus.Model::model, CacheStatus.Model::state)
                .contains(
                        tuple("hf:acme/one", CacheStatus.State.PARTIAL),
                        tuple("hf:acme/two", CacheStatus.State.PARTIAL));
        assertThat(status.missingBytes()).isEqualTo(30);
        assertThat(new StatusText(ZoneOffset.UTC).lines(status))
                .contains("    20 B, 0 of 1 file: mvn cache:download, locked")
                .contains("    30 B, partial download, not locked: mvn cache:download")
                .noneMatch(line -> line.contains("missing"));
    }

    @Test
    void namesTheExternalCacheThatHasAMissingModel() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        HubFixture there = new HubFixture(home.resolve(".cache/huggingface/hub"), "acme/one").large("a.bin", "x");
        new HubFixture(home.resolve(".cache/huggingface/hub"), "acme/two").large("a.bin", "x");
        config = project.prepared("\"models\": [\"hf:acme/one\", \"hf:acme/two\", \"whisper:base\"]");
        ExternalCaches scattered = new ExternalCaches(config, home, Map.of());
        Lock lock = Lock.of(List.of(there.resolved()));

        CacheStatus status =
                new StatusCollector(config, lock, Instant.now(), Optional.empty(), Optional.of(scattered)).collect();

        assertThat(status.models())
                .filteredOn(model -> model.declared())
                .extracting(CacheStatus.Model::model, CacheStatus.Model::elsewhere)
                .containsExactlyInAnyOrder(
                        tuple("hf:acme/one", Optional.of(there.folder())),
                        tuple("hf:acme/two", Optional.of(there.folder().resolveSibling("models--acme--two"))),
                        tuple("whisper:base", Optional.empty()));
        assertThat(new StatusText(ZoneOffset.UTC).lines(status))
                .filteredOn(line -> line.startsWith("    missing; mvn cache:migrate imports it from "))
                .hasSize(2);
    }

    @Test
    void countsFoldersOfEnvironmentVariables() throws Exception {
        Files.delete(folder.resolve(".cache/djl"));
        config = project.config("\"environment\": {\"OLLAMA_MODELS\": \".cache/ollama\"}");
        project.write(".cache/ollama/blobs/sha256-ab", "x".repeat(70));

        assertThat(new StatusCollector(config, Lock.EMPTY).collect().roots())
                .filteredOn(root -> root.name().equals("ollama") || root.name().equals("djl"))
                .extracting(CacheStatus.Root::name, CacheStatus.Root::bytes)
                .as("one that no library has created yet is not shown")
                .containsExactly(tuple("ollama", 70L));
    }

    @Test
    void changesNothing() throws Exception {
        var before = TestProject.contents(folder);
        collect();
        assertThat(TestProject.contents(folder)).isEqualTo(before);
    }

    @Test
    void removesControlCharactersFromFileNames() throws Exception {
        project.write(".cache/torch/hub/checkpoints/\u001b[2Jnet.pt", "x");

        assertThat(new StatusText(ZoneOffset.UTC).lines(collect()))
                .anyMatch(line -> line.contains("torch:?[2Jnet.pt"))
                .noneMatch(line -> line.indexOf('\u001b') >= 0);
    }

    private CacheStatus collect() throws Exception {
        ModelFile file =
                new ModelFile("m.bin", 100, Optional.of(Digest.sha256("00".repeat(32))), "pkg:maven/g/a@1#m.bin");
        ResolvedModel model = new ResolvedModel(
                ModelReference.parse("maven:g:a:1"), ModelRequest.PLAIN, "1", Optional.empty(), false, List.of(file));
        return new StatusCollector(config, Lock.of(List.of(model))).collect();
    }
}
