package io.github.modelcache.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs that lie unpacked and not installed. */
@DisabledOnOs(OS.WINDOWS)
class ProgramsIT {

    private static final String NAME = "program-of-no-machine";

    @TempDir
    Path made;

    @Test
    void findsTheLibrariesOfBothFolders() throws Exception {
        Path usr = Files.createDirectories(made.resolve(NAME).resolve("usr/lib/x86_64-linux-gnu"));
        Path lib = Files.createDirectories(made.resolve(NAME).resolve("lib/x86_64-linux-gnu"));
        unpack("test \"$LD_LIBRARY_PATH\" = '" + usr + ":" + lib + "'");

        assertThat(new Programs(made).require(NAME).libraries()).containsExactly(usr, lib);
    }

    @Test
    void takesOneThatDoesNotStartForNone() throws Exception {
        unpack("echo 'libfoo.so.1: cannot open shared object file'; exit 127");

        assertThat(new Programs(made).find(NAME)).isEmpty();
        assertThat(made.resolve(NAME + ".log")).content().contains("libfoo.so.1");
    }

    @Test
    void takesOneWhoseInterpreterIsMissingForNone() throws Exception {
        Path bin = Files.createDirectories(made.resolve(NAME).resolve("usr/bin"));
        Path program = Files.writeString(bin.resolve(NAME), "#!/no/such/shell\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(new Programs(made).find(NAME)).isEmpty();
    }

    private void unpack(String script) throws Exception {
        Path bin = Files.createDirectories(made.resolve(NAME).resolve("usr/bin"));
        Path program = Files.writeString(bin.resolve(NAME), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
