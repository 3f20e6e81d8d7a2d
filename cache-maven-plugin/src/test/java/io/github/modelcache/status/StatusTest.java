package io.github.modelcache.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.io.Digest;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
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
    void tellsWhatIsDeclaredLockedAndThere() throws Exception {
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
    void fitsEightyColumns() throws Exception {
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
    void writesNothing() throws Exception {
        var before = TestProject.contents(folder);
        collect();
        assertThat(TestProject.contents(folder)).isEqualTo(before);
    }

    private CacheStatus collect() throws Exception {
        ModelFile file =
                new ModelFile("m.bin", 100, Optional.of(Digest.sha256("00".repeat(32))), "pkg:maven/g/a@1#m.bin");
        ResolvedModel model = new ResolvedModel(
                ModelReference.parse("maven:g:a:1"), ModelRequest.PLAIN, "1", Optional.empty(), List.of(file));
        return new StatusCollector(config, Lock.of(List.of(model))).collect();
    }
}
