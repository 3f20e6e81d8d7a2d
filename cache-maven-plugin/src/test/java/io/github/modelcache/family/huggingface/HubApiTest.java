package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubApiTest {

    private static final String COMMIT = "ab".repeat(20);
    private static final String FIRST_PAGE =
            "[{\"type\": \"file\", \"path\": \"a\", \"size\": 1, \"oid\": \"" + COMMIT + "\"}]";

    @TempDir
    Path origin;

    @Test
    void readsAnAnswerOfARevisionOfAnyLength() throws Exception {
        String name = "{\"rfilename\": \"data/" + "x".repeat(90) + "\"},";
        String siblings = name.repeat((40 << 20) / name.length());
        String answer =
                "{\"id\": \"acme/tiny\", \"tags\": [\"x\", \"license:mit\"], \"gated\": \"auto\", \"siblings\": ["
                        + siblings.substring(0, siblings.length() - 1) + "], \"sha\": \"" + COMMIT + "\"}";
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("", answer, "[]", "[]");
            assertThat(revision(hub))
                    .isEqualTo(new HubApi.Revision("acme/tiny", COMMIT, Optional.of("mit"), true, Optional.empty()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"sha\": 1}", "{\"sha\": \"", "{} x", "<html>", ""})
    void anAnswerOfARevisionThatMakesNoSenseIsAProblem(String answer) throws Exception {
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("", answer, "[]", "[]");
            assertThatThrownBy(() -> revision(hub))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("hf:acme/tiny: the answer of http://localhost:");
        }
    }

    private static HubApi.Revision revision(AnsweringHub hub) throws Exception {
        HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
        return new HubApi(transfer, hub.endpoint(), new ModelReference("hf", "acme/tiny"))
                .revision(HubRepository.parse("acme/tiny"), "main");
    }

    @Test
    void endsAListThatGrowsForEver() throws Exception {
        Files.writeString(origin.resolve("config.json"), "{}");
        try (StandInHub hub = StandInHub.start()) {
            String commit = hub.add("acme/tiny", origin);
            hub.fault(Fault.Place.TREE, "acme/tiny", Fault.pages(Integer.MAX_VALUE));
            HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
            HubApi api = new HubApi(transfer, hub.endpoint(), new ModelReference("hf", "acme/tiny"), 3_000, 10);
            assertThatThrownBy(() -> api.tree(HubRepository.parse("acme/tiny"), commit, path -> false))
                    .hasMessageContaining("it lists more than 3000 files");
            assertThat(hub.requests()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:x@y",
                "http://other.example",
                "http://other.example///evil.example/x",
                "http://other.example/a:b"
            })
    void aNextPageOnAnotherHostIsRequestedFromThisServer(String next) throws Exception {
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("<" + next + ">; rel=\"next\"", "", FIRST_PAGE, "[]");
            assertThat(tree(hub)).extracting(HubApi.TreeFile::path).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[", "::", "a b"})
    void aNextPageThatIsNoAddressIsAProblem(String next) throws Exception {
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("<" + next + ">; rel=\"next\"", "", FIRST_PAGE, "[]");
            assertThatThrownBy(() -> tree(hub))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("the address of its next page is broken");
        }
    }

    @Test
    void endsAListWithTooManyPages() throws Exception {
        Files.writeString(origin.resolve("config.json"), "{}");
        try (StandInHub hub = StandInHub.start()) {
            String commit = hub.add("acme/tiny", origin);
            hub.fault(Fault.Place.TREE, "acme/tiny", Fault.pages(Integer.MAX_VALUE));
            HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
            HubApi api = new HubApi(transfer, hub.endpoint(), new ModelReference("hf", "acme/tiny"), 1_000_000, 2);
            assertThatThrownBy(() -> api.tree(HubRepository.parse("acme/tiny"), commit, path -> false))
                    .hasMessageContaining("it has more than 2 pages");
            assertThat(hub.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "directory"})
    void refusesAPathThatNoDiskHolds(String type) throws Exception {
        String entry = "[{\"type\": \"" + type + "\", \"path\": \"%s\", \"size\": 1, \"oid\": \"" + COMMIT + "\"}]";
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("", "", entry.formatted("a".repeat(4096)), "[]");
            tree(hub);
            hub.answer("", "", entry.formatted("a".repeat(4097)), "[]");
            assertThatThrownBy(() -> tree(hub))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("whose path is longer than 4096 characters")
                    .hasMessageNotContaining("aaaa");
        }
    }

    @Test
    void refusesAnAddressOfTheNextPageThatIsTooLong() throws Exception {
        try (AnsweringHub hub = new AnsweringHub()) {
            hub.answer("</" + "a".repeat(4096) + ">; rel=\"next\"", "", FIRST_PAGE, "[]");
            assertThatThrownBy(() -> tree(hub))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("next page is longer than 4096 characters")
                    .hasMessageNotContaining("aaaa");
        }
    }

    private static List<HubApi.TreeFile> tree(AnsweringHub hub) throws Exception {
        HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
        HubApi api = new HubApi(transfer, hub.endpoint(), new ModelReference("hf", "acme/tiny"), 3_000, 10);
        return api.tree(HubRepository.parse("acme/tiny"), COMMIT, path -> true);
    }
}
