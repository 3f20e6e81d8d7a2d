package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that answers for one model before it answers for another. */
class EarlyFetchTest {
    private static final String SLOW = "acme/slow";
    private static final String BOTH = "\"models\": [\"hf:acme/slow\", \"hf:acme/tiny\"]";

    @TempDir
    Path folder;

    private final CountDownLatch asked = new CountDownLatch(1);
    private HubProject project;

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(Files.createDirectory(folder.resolve("project")));
        Path origin = Files.createDirectory(folder.resolve("slow"));
        Files.writeString(origin.resolve("model.safetensors"), "slow ".repeat(2_000));
        project.hub.add(SLOW, origin);
        project.hub.fault(Place.STORE, HubProject.LARGE, Fault.meanwhile(asked::countDown));
    }

    @AfterEach
    void stop() {
        project.close();
    }

    @Test
    void fetchesTheFirstModelThatIsResolvedWhileAnotherIsNot() throws Exception {
        project.hub.fault(Place.TREE, SLOW, Fault.after(asked));
        assertThat(project.download(BOTH).fetchedModels()).isEqualTo(2);
        assertThat(project.files.lock().read().models()).hasSize(2);
        project.hub.forget();
        assertThat(project.download(BOTH).fetchedModels()).isZero();
        assertThat(project.hub.requests()).isEmpty();
    }

    @Test
    void keepsWhatWasFetchedWhereTheOtherCanNotBeResolved() throws Exception {
        project.hub.fault(Place.TREE, SLOW, asked -> {
            Fault.after(this.asked).answer(asked);
            return Fault.status(404).answer(asked);
        });
        ModelException failure = catchThrowableOfType(ModelException.class, () -> project.download(BOTH));
        assertThat(failure).hasMessageStartingWith("hf:acme/slow");
        project.assertComplete();
    }

    @Test
    void tellsFailuresInTheOrderOfTheConfig() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        project.hub.fault(Place.TREE, "acme/tiny", asked -> {
            told.countDown();
            return Fault.status(404).answer(asked);
        });
        project.hub.fault(Place.TREE, SLOW, asked -> {
            Fault.after(told).answer(asked);
            return Fault.status(404).answer(asked);
        });
        ModelException failure = catchThrowableOfType(ModelException.class, () -> project.download(BOTH));
        assertThat(failure).hasMessageMatching("(?s)hf:acme/slow: .*\\Rhf:acme/tiny: .*");
    }

    @Test
    void fetchesTheRestOfAModelOfWhichAnotherTurnsOutToNeedMore() throws Exception {
        Path pipeline = Files.createDirectory(folder.resolve("pipeline"));
        Files.writeString(pipeline.resolve("config.yaml"), """
            pipeline:
              name: pyannote.audio.pipelines.SpeakerDiarization
              params:
                segmentation: acme/tiny
            """);
        project.hub.add("acme/pipeline", pipeline);
        project.hub.fault(Place.TREE, "acme/pipeline", Fault.after(asked));
        project.download("\"models\": [\"hf:acme/pipeline\","
                + " {\"model\": \"hf:acme/tiny\", \"include\": [\"*.safetensors\"]}]");
        assertThat(project.snapshot(HubProject.LARGE)).hasContent(HubProject.LARGE_CONTENT);
        assertThat(project.snapshot(HubProject.SMALL)).exists();
        assertThat(project.asked(Place.STORE, HubProject.LARGE)).isEqualTo(1);
    }
}
