package io.github.modelcache.mojo;

import io.github.modelcache.process.SearchPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens a page in the user's browser. */
final class Browser {

    private final SearchPath searchPath;
    private final List<String> command;

    /**
     * The browser of an operating system.
     *
     * @param system its name, as {@code os.name} has it
     */
    Browser(SearchPath searchPath, String system) {
        this.searchPath = searchPath;
        String name = system.toLowerCase(Locale.ROOT);
        this.command = name.startsWith("windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler")
                : List.of(name.startsWith("mac") ? "open" : "xdg-open");
    }

    /** Whether the program that opens pages was started. */
    boolean open(Path page) {
        Optional<Path> program = searchPath.find(command.get(0));
        if (program.isEmpty()) {
            return false;
        }
        List<String> words = new ArrayList<>(List.of(program.get().toString()));
        words.addAll(command.subList(1, command.size()));
        words.add(page.toUri().toString());
        try {
            new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
