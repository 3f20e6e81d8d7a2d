package io.github.modelcache.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest extends VerificationCase {

    @Test
    void findsNothingInAGoodCache() throws Exception {
        VerifyReport report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.files()).isEqualTo(1);
        assertThat(report.bytesHashed()).isEqualTo(7);
    }

    @Test
    void findsAChangedByte() throws Exception {
        Files.writeString(model, "a m0del");
        Finding finding = only(verify());
        assertThat(finding.id()).isEqualTo(FindingId.MODEL_CORRUPT);
        assertThat(finding.expected())
                .hasValueSatisfying(text -> assertThat(text).startsWith("sha256:"));
        assertThat(finding.actual()).isNotEqualTo(finding.expected());
        assertThat(finding.fix()).isEqualTo("mvn cache:download");
    }

    @Test
    void findsATruncatedFileWithoutReadingIt() throws Exception {
        Files.writeString(model, "a mo");
        VerifyReport report = verify();
        assertThat(only(report).id()).isEqualTo(FindingId.MODEL_CORRUPT);
        assertThat(report.bytesHashed()).isZero();
    }

    @Test
    void namesWhatStandsInForAModel() throws Exception {
        Files.writeString(model, "<!DOCTYPE html><html>login</html>");
        assertThat(only(verify()).message()).contains("an HTML page");
        Files.writeString(model, "version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 3\n");
        assertThat(only(verify()).message()).contains("Git LFS pointer");
        Files.write(model, new byte[7]);
        assertThat(only(verify()).id()).isEqualTo(FindingId.NOT_A_MODEL);
        Files.write(model, new byte[0]);
        assertThat(only(verify()).message()).contains("an empty file");
    }

    @Test
    void findsAMissingModel() throws Exception {
        Files.delete(model);
        assertThat(only(verify()).id()).isEqualTo(FindingId.MODEL_MISSING);
    }

    @Test
    void findsThatNothingIsLocked() throws Exception {
        Files.delete(project.lock().path());
        assertThat(only(verify()).id()).isEqualTo(FindingId.LOCK_MISSING);
    }

    @Test
    void asksForNoLockWhereAllModelsAreOptional() throws Exception {
        Files.delete(project.lock().path());
        config = project.prepared("\"models\": [{\"model\": \"url:https://h/m.bin\", \"optional\": true}]");
        Finding missing = only(verify());
        assertThat(missing.id()).isEqualTo(FindingId.MODEL_MISSING);
        assertThat(missing.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void findsABrokenLock() throws Exception {
        Files.writeString(project.lock().path(), "{");
        assertThat(only(verify()).id()).isEqualTo(FindingId.LOCK_DRIFT);
    }

    @Test
    void findsWhatIsDeclaredButNotLockedAndTheOtherWayRound() throws Exception {
        config = project.prepared("\"models\": [\"url:https://h/other.bin\"]");
        assertThat(verify().findings())
                .extracting(Finding::id)
                .containsExactly(FindingId.LOCK_DRIFT, FindingId.LOCK_DRIFT);
    }

    @Test
    void findsADeclarationThatChangedSinceItWasLocked() throws Exception {
        config = project.prepared("\"models\": [{\"model\": \"url:https://h/m.bin\", \"to\": \"other.bin\"}]");
        assertThat(only(verify()).message()).contains("differently");
    }

    @Test
    void findsLeftoversAndDanglingLinks() throws Exception {
        project.write(".cache/models/.m.bin.0123abcd.partial", "a m");
        Files.createSymbolicLink(folder.resolve(".cache/torch/gone"), Path.of("nowhere"));
        assertThat(verify().findings())
                .extracting(Finding::id)
                .containsExactlyInAnyOrder(FindingId.DANGLING_LINK, FindingId.PARTIAL_DOWNLOAD);
    }

    @Test
    void findsAMissingFolder() throws Exception {
        Files.delete(folder.resolve(".cache/mlx"));
        Finding missing = only(verify());
        assertThat(missing.id()).isEqualTo(FindingId.LAYOUT_MISSING);
        assertThat(missing.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void namesAllMissingFoldersAtOnceAndFailsOnlyWhereAModelMustLieInOne() throws Exception {
        for (String name : List.of("mlx", "torch", "whisper")) {
            Files.delete(folder.resolve(".cache").resolve(name));
        }
        Finding missing = only(verify());
        assertThat(missing.severity()).isEqualTo(Severity.INFO);
        assertThat(missing.message()).isEqualTo(".cache/torch, .cache/mlx, .cache/whisper are missing");
        Files.delete(model);
        Files.delete(folder.resolve(".cache/models"));
        assertThat(verify().findings())
                .filteredOn(finding -> finding.id() == FindingId.LAYOUT_MISSING)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                    assertThat(finding.message())
                            .isEqualTo(".cache/models is missing, but a declared model needs it."
                                    + " Also missing: .cache/torch, .cache/mlx, .cache/whisper");
                });
    }

    @Test
    void findsACacheOverItsBudget() throws Exception {
        config = project.prepared(DECLARED + ", \"warn_size\": \"5B\", \"max_size\": \"1kB\"");
        assertThat(only(verify()).id()).isEqualTo(FindingId.SIZE_OVER_WARN);
        config = project.prepared(DECLARED + ", \"warn_size\": \"5B\", \"max_size\": \"6B\"");
        assertThat(only(verify()).id()).isEqualTo(FindingId.SIZE_OVER_MAX);
    }

    @Test
    void namesWhatWeighsMostAndTheCommandThatFreesEnough() throws Exception {
        config = project.prepared(DECLARED + ", \"warn_size\": \"8B\", \"max_size\": \"9B\"");
        project.write(".cache/models/other.bin", "another model");
        Finding over = over();
        assertThat(over.message()).contains("; the largest: ");
        assertThat(over.fix()).startsWith("run mvn cache:clean -Dcache.scope=unused (preview: ");
    }

    @Test
    void asksForALargerBudgetWhereTheDeclaredModelsAloneAreOverIt() throws Exception {
        config = project.prepared(DECLARED + ", \"warn_size\": \"5B\", \"max_size\": \"6B\"");
        assertThat(over().fix())
                .isEqualTo("declare fewer models (the declared ones need 7 B), or raise cache.max_size");
        config = project.prepared(DECLARED + ", \"budgets\": {\"models\": {\"max_size\": 1}}");
        assertThat(over().fix())
                .isEqualTo("declare fewer models (the declared ones need 7 B), or raise cache.budgets.models.max_size");
    }

    private Finding over() throws Exception {
        return verify().findings().stream()
                .filter(finding -> finding.id() == FindingId.SIZE_OVER_MAX)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void costsNoModelWhereTheApplicationCachesAloneHoldMore() throws Exception {
        config = project.prepared(DECLARED + ", \"warn_size\": \"8B\", \"max_size\": \"9B\"");
        project.write("out/tmdb_cache/big.json", "0123456789");
        assertThat(only(verify()).fix()).startsWith("run mvn cache:clean -Dcache.scope=metadata (preview: ");
    }

    @Test
    void aPlaceholderOfAnApplicationCacheDoesNotExpire() throws Exception {
        Path placeholder = project.write("out/tmdb_cache/.gitkeep", "");
        Files.setLastModifiedTime(placeholder, FileTime.fromMillis(0));
        assertThat(verify().findings()).extracting(Finding::id).doesNotContain(FindingId.APPLICATION_CACHE_EXPIRED);
    }

    @Test
    void findsARootOverItsOwnBudget() throws Exception {
        config = project.prepared(DECLARED + ", \"budgets\": {\"huggingface\": {\"max_size\": 1}}");
        new HubFixture(config.hfHome().resolve("hub"), "acme/other").large("a.bin", "another model");
        Finding over = over();
        assertThat(over.message()).startsWith("The cache huggingface has ");
        assertThat(over.fix())
                .contains(
                        "-Dcache.scope=models \"-Dcache.include=hf:acme/other\"", "cache.budgets.huggingface.max_size")
                .doesNotContain("keepSize");
    }

    @Test
    void aBudgetOfAnApplicationCacheCostsNoModel() throws Exception {
        config = project.prepared(DECLARED + ", \"budgets\": {\"tmdb\": {\"warn_size\": 1}}");
        project.write("out/tmdb_cache/x.json", "{}");
        Finding over = only(verify());
        assertThat(over.id()).isEqualTo(FindingId.SIZE_OVER_WARN);
        assertThat(over.fix())
                .startsWith("run mvn cache:clean -Dcache.scope=metadata")
                .doesNotContain("scope=models");
    }

    @Test
    void namesTheLinkThatLeadsNowhereOnceForAllRootsBelowIt() throws Exception {
        Path base = folder.resolve(".cache");
        Files.move(base, folder.resolve("elsewhere"));
        Files.createSymbolicLink(base, folder.resolve("unplugged"));
        List<Finding> missing = verify().findings().stream()
                .filter(finding -> finding.id() == FindingId.LAYOUT_MISSING)
                .toList();
        assertThat(missing).hasSize(1);
        assertThat(missing.get(0).message()).isEqualTo(".cache is a broken link");
        assertThat(missing.get(0).fix()).startsWith("mount its disk");
    }

    @Test
    void findsExpiredEntriesAndALegacyFolder() throws Exception {
        Path old = project.write("out/tmdb_cache/x.json", "{}");
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.createDirectories(folder.resolve("shared/model-cache"));
        assertThat(verify().findings())
                .extracting(Finding::id)
                .containsExactly(FindingId.LEGACY_CACHE, FindingId.APPLICATION_CACHE_EXPIRED);
    }

    @Test
    void findsASnapshotVersion() throws Exception {
        config = project.prepared("\"models\": [\"maven:g:a:1-SNAPSHOT\"]");
        project.write(".cache/models/g/a/1-SNAPSHOT/m.bin", "a model");
        lock(ModelReference.parse("maven:g:a:1-SNAPSHOT"));
        assertThat(only(verify()).id()).isEqualTo(FindingId.MODEL_UNPINNED);
    }

    @Test
    void findsAnotherMachine() throws Exception {
        Files.writeString(
                config.file(),
                "{\"hardware\": {\"platform\": \"darwin\", \"machine\": \"arm64\", \"has_cuda\": false, \"has_mps\": true,"
                        + " \"has_mlx\": true, \"cpu_cores\": 8, \"memory_gib\": 16}, \"cache\": {" + DECLARED + "}}");
        config = ConfigReader.read(folder, config.file());
        assertThat(only(verify()).id()).isEqualTo(FindingId.HARDWARE_STALE);
        assertThat(only(verify()).severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void findsAFolderInWhichAModelWasGatheringOnce() throws Exception {
        project.write(".cache/torch/hub/.a_b_main.01234567.partial/hubconf.py", "code");
        project.write(".cache/torch/hub/.a_b_main.01234567.partial/.x.py.01234567.partial", "co");
        Finding finding = only(verify());
        assertThat(finding.id()).isEqualTo(FindingId.PARTIAL_DOWNLOAD);
        assertThat(finding.message()).startsWith(".cache/torch/hub/.a_b_main.01234567.partial ");
    }

    @Test
    void changesNothing() throws Exception {
        var before = TestProject.contents(folder);
        try (ContentDigests digests = new ContentDigests(stamps(), false, LATER)) {
            verification(digests).run();
        }
        assertThat(TestProject.contents(folder)).isEqualTo(before);
    }

    @Test
    void reportsAsTheContractSays() throws Exception {
        Files.writeString(model, "a m0del");
        String json = JsonWriter.write(verify().toJson(folder, "1.2.3"));
        assertThat(json)
                .contains("\"schemaVersion\": 1")
                .contains("\"tool\": \"cache-maven-plugin\"")
                .contains("\"version\": \"1.2.3\"")
                .contains("\"result\": \"failed\"")
                .contains("\"errors\": 1")
                .contains("\"id\": \"model-corrupt\"")
                .contains("\"model\": \"url:https://h/m.bin\"")
                .contains("\"path\": \".cache/models/m.bin\"")
                .contains("\"fix\": \"mvn cache:download\"");
    }
}
