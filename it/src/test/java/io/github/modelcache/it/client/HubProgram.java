package io.github.modelcache.it.client;

import java.nio.file.Path;
import java.util.Optional;

/** The newest {@code huggingface_hub}'s own program, for measuring beside the plugin. */
public final class HubProgram {

    private HubProgram() {}

    /** The program {@code hf} of an environment that is made where it is missing. */
    public static Path newest() {
        return PythonClient.make("hub-newest", Optional.empty()).home().resolve("bin/hf");
    }
}
