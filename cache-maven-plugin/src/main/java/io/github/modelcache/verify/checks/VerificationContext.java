package io.github.modelcache.verify.checks;

import io.github.modelcache.families.ExternalCaches;
import io.github.modelcache.hardware.Hardware;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is known of the project and the machine around the caches. Other features find it out; none of it goes into a
 * verdict that is kept.
 *
 * @param notIgnored cache folders that {@code .gitignore} does not name
 * @param machine detects this machine's hardware; empty where the config's record is shared with other machines
 * @param conflicts variables that say otherwise than the config
 * @param unreadable files around the caches that should have been looked into, with what kept from it
 * @param notInstalled the enabled Python environments that are not installed, by name, with their folders
 * @param scattered where models of the project may lie outside of its roots
 */
public record VerificationContext(
        List<String> notIgnored,
        Supplier<Optional<Hardware>> machine,
        List<VariableConflict> conflicts,
        Map<Path, IOException> unreadable,
        Map<String, Path> notInstalled,
        ExternalCaches scattered) {

    /** Takes lists and maps as they are: nobody changes them. */
    public VerificationContext {
        notIgnored = List.copyOf(notIgnored);
        conflicts = List.copyOf(conflicts);
    }
}
