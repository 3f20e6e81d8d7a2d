package io.github.modelcache.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.io.HttpOptions;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInHub;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubApiTest {

    @TempDir
    Path origin;

    @Test
    void endsAListThatGrowsForEver() throws Exception {
        Files.writeString(origin.resolve("config.json"), "{}");
        try (StandInHub hub = StandInHub.start()) {
            String commit = hub.add("acme/tiny", origin);
            hub.fault(Fault.Place.TREE, "acme/tiny", Fault.pages(Integer.MAX_VALUE));
            HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
            HubApi api = new HubApi(transfer, hub.endpoint(), new ModelReference("hf", "acme/tiny"), 3_000);
            assertThatThrownBy(() -> api.tree(HubRepository.parse("acme/tiny"), commit, path -> false))
                    .hasMessageContaining("it lists more than 3000 files");
            assertThat(hub.requests()).hasSize(4);
        }
    }
}
