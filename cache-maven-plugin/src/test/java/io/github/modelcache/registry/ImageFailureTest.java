package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.TransferException;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes of an image that are cut, run at once, or have very many files. */
class ImageFailureTest extends RegistryCase {

    private static final int MANY = 12_000;

    @BeforeEach
    void nameImage() {
        team.image = Optional.of("x:1");
    }

    @Test
    void aPushThatEndedBeforeTheTagSendsOnlyManifestsTheNextTime() throws Exception {
        team.downloaded();
        server.fault("PUT", "/manifests/1", Fault.status(400));
        assertThatThrownBy(() -> team.pushImage(registry, Team.MODEL)).isInstanceOf(TransferException.class);
        assertThat(server.manifests()).isNotEmpty().doesNotContainKey("team/x:1");

        server.fault("PUT", "/manifests/1", Fault.HONEST);
        server.forget();
        team.pushImage(registry, Team.MODEL);

        assertThat(server.requests("PUT")).isNotEmpty().allMatch(put -> put.contains("/manifests/"));
        pullGivesTheSameFiles();
    }

    @Test
    void twoPushesAtOnceAreOneImage() throws Exception {
        team.downloaded();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Plan> push = () -> team.pushImage(registry, Team.MODEL);
            for (Future<Plan> done : threads.invokeAll(List.of(push, push))) {
                assertThat(done.get()).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }
        var both = new TreeMap<>(server.manifests());
        server.forget();
        team.pushImage(registry, Team.MODEL);

        assertThat(server.requests()).allMatch(request -> request.startsWith("HEAD "));
        assertThat(server.manifests()).containsExactlyInAnyOrderEntriesOf(both);
        pullGivesTheSameFiles();
    }

    @Test
    void twelveThousandFilesShareALayer() throws Exception {
        TestProject origin = new TestProject(team.origin);
        for (int i = 0; i < MANY; i++) {
            origin.write("d" + i % 7 + "/" + i + ".txt", "content " + i % 10);
        }
        team.commit = team.hub.add("acme/tiny", team.origin);
        team.downloaded();
        team.pushImage(registry, Team.MODEL);

        String index = new String(
                Optional.ofNullable(server.manifests().get("team/x:1")).orElseThrow(), StandardCharsets.UTF_8);
        String platform = ImageTest.digests(index).get(0);
        assertThat(ImageTest.digests(new String(
                        Optional.ofNullable(server.manifests().get("team/x:" + platform))
                                .orElseThrow(),
                        StandardCharsets.UTF_8)))
                .hasSize(2); // the config and the layer
    }

    private void pullGivesTheSameFiles() throws Exception {
        team.pull(registry);
        assertThat(team.hub.requests()).isEmpty();
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }
}
