package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.ExternalCaches;
import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.hardware.Hardware;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Facts about the project and the machine that other features find out. They do not go into a stored result.
 *
 * @param notIgnored cache folders without an entry in {@code .gitignore}
 * @param machine detects this machine's hardware; empty if the config is shared with other machines
 * @param conflicts variables that differ from the config
 * @param unreadable files outside of the caches that could not be read, with the reason
 * @param notInstalled the enabled Python environments that are not installed, by name, with their folders
 * @param externalCaches the external caches of this machine
 */
public record VerificationContext(
        List<String> notIgnored,
        Supplier<Optional<Hardware>> machine,
        List<VariableConflict> conflicts,
        Map<Path, IOException> unreadable,
        Map<String, Path> notInstalled,
        ExternalCaches externalCaches) {

    /** Copies the lists. */
    public VerificationContext {
        notIgnored = List.copyOf(notIgnored);
        conflicts = List.copyOf(conflicts);
    }
}
