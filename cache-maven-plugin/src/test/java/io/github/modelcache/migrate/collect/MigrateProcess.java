package io.github.modelcache.migrate.collect;

import io.github.modelcache.files.copy.AtomicFileOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A migration in a process of its own, which tells each step before it is taken. */
final class MigrateProcess {

    private MigrateProcess() {}

    /** Migrates what lies in a folder; the second argument are members of the config. */
    public static void main(String[] arguments) throws Exception {
        Migrated migrated = new Migrated(Path.of(arguments[0])).members(arguments[1]);
        migrated.run(new AtomicFileOperations(System.out::println));
        migrated.said().forEach(System.out::println);
        migrated.plan().notes().forEach(System.out::println);
    }

    /** Starts one. */
    static Process start(Path folder, String members) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                MigrateProcess.class.getName(),
                folder.toString(),
                members);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
