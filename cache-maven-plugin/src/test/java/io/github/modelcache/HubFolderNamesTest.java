package io.github.modelcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The structure of a hub cache is known to its own family. All others ask that family. */
class HubFolderNamesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/github/modelcache");
    private static final Pattern FOLDER = Pattern.compile("\"(/?(blobs|snapshots|refs|\\.no_exist)/?|models--.*)\"");

    /** Other formats that use one of these words. */
    private static final Set<Path> OTHER_FORMATS = Set.of(
            Path.of("oci"), // the folder of an OCI layout
            Path.of("family/PartialFiles.java"), // in a snapshot, any file name is allowed
            Path.of("serve/HubApi.java"), // parts of request paths
            Path.of("family/modelscope"),
            Path.of("family/ollama"));

    @Test
    void onlyTheHubFamilyNamesTheFoldersOfAHubCache() throws IOException {
        assertThat(filesWithFolderNames())
                .contains(Path.of("family/huggingface/HubPlaces.java"))
                .allMatch(file -> file.startsWith("family/huggingface")
                        || OTHER_FORMATS.stream().anyMatch(file::startsWith));
    }

    private static List<Path> filesWithFolderNames() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(HubFolderNamesTest::hasFolderName)
                    .map(SOURCES::relativize)
                    .toList();
        }
    }

    private static boolean hasFolderName(Path file) {
        try {
            return FOLDER.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
