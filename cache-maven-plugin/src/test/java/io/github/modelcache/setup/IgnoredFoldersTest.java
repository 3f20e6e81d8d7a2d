package io.github.modelcache.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoredFoldersTest {

    @TempDir
    Path folder;

    @Test
    void namesEveryCacheFolderOfANewProject() throws Exception {
        assertThat(ignored("").completed().orElseThrow().lines())
                .contains(".cache", "out/tmdb_cache", "out/musicbrainz_cache", "glossary/cache", "shared/model-cache/")
                .doesNotContain(".cache/torch");
    }

    @Test
    void keepsEveryByteThatWasThereAndItsLineEnds() throws Exception {
        byte[] before = "target/\r\n\u00e9\r\n*.log".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve(".gitignore"), before);
        byte[] after = ignored("").completed().orElseThrow().getBytes(IgnoredFolders.CHARSET);
        assertThat(new String(after, StandardCharsets.ISO_8859_1))
                .startsWith(new String(before, StandardCharsets.ISO_8859_1) + "\r\n\r\n")
                .endsWith("shared/model-cache/\r\n");
    }

    @Test
    void takesOtherSpellingsOfAnEntryForTheSame() throws Exception {
        Files.writeString(folder.resolve(".gitignore"), "/.cache\nout/\nglossary/cache/**\n shared/model-cache/*  \n");
        assertThat(ignored("").completed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".cache/\ntmdb_cache/\nmusicbrainz_cache\nglossary\nmodel-cache/",
                "**/.cache\n**/out/\n**/glossary/cache/**\n**/shared/model-cache"
            })
    void takesAPatternThatGitFindsInEveryFolderForAnEntry(String patterns) throws Exception {
        Files.writeString(folder.resolve(".gitignore"), patterns);
        assertThat(ignored("").completed()).isEmpty();
    }

    @Test
    void doesNotTakeAPatternForTheTopForAnEntryBelow() throws Exception {
        Files.writeString(
                folder.resolve(".gitignore"), "/tmdb_cache/\ncache/glossary/\n/cache/\ncache/**\n!out/tmdb_cache\n");
        assertThat(ignored("").missing())
                .contains(".cache", "out/tmdb_cache", "out/musicbrainz_cache", "glossary/cache");
    }

    @Test
    void doesNotTakeACommentOrALongerNameForAnEntry() throws Exception {
        Files.writeString(folder.resolve(".gitignore"), "# .cache/\n.cache2/\n");
        assertThat(ignored("").missing()).contains(".cache");
    }

    @Test
    void namesACacheThatIsALinkWithoutTheSlashThatWouldHideOnlyFolders() throws Exception {
        Files.createSymbolicLink(folder.resolve(".cache"), Files.createDirectories(folder.resolve("disk")));
        Files.writeString(folder.resolve(".gitignore"), ".cache/\n");
        assertThat(ignored("").missing()).contains(".cache").doesNotContain(".cache/");
    }

    @Test
    void skipsFoldersOutsideTheProject() throws Exception {
        Path elsewhere = folder.resolveSibling("elsewhere");
        assertThat(ignored("\"base_dir\": \"" + elsewhere + "\", \"application_caches\": {}")
                        .missing())
                .containsExactly("shared/model-cache/");
    }

    private IgnoredFolders ignored(String members) throws Exception {
        CacheConfig config = new TestProject(folder).config(members);
        return new IgnoredFolders(config);
    }
}
