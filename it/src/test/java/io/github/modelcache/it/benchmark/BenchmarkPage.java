package io.github.modelcache.it.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of the last figures: a section a benchmark, each as old as its own date says. */
final class BenchmarkPage {

    private final Path file;

    BenchmarkPage(Path file) {
        this.file = file;
    }

    /** Puts a section in the place of the older one of its name, or at the end. */
    void put(Section section) throws IOException {
        String page = Files.readString(file).stripTrailing() + "\n";
        Matcher older = Pattern.compile("(?ms)^" + Pattern.quote(Section.heading(section.name())) + "$.*?(?=^## |\\z)")
                .matcher(page);
        String text = section.text();
        if (older.find()) {
            String after = older.end() == page.length() ? "" : "\n" + page.substring(older.end());
            Files.writeString(file, page.substring(0, older.start()) + text + after);
        } else {
            Files.writeString(file, page + "\n" + text);
        }
    }
}
