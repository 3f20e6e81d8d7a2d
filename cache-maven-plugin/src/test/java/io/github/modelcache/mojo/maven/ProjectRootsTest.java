package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ProjectRootsTest {

    @TempDir
    Path temporary;

    private Path top;

    @BeforeEach
    void aFolder() throws IOException {
        top = Files.createDirectories(temporary.toRealPath().resolve("top"));
    }

    @Test
    void eachServiceBelowAnAggregatorHasItsOwnConfig() throws IOException {
        pom("", "a", "b");
        pom("a");
        pom("b");
        config("a");
        config("b");

        assertThat(root("a").folder()).isEqualTo(top.resolve("a"));
        assertThat(root("b").folder()).isEqualTo(top.resolve("b"));
        ProjectRoot aggregator = root("");
        assertThat(aggregator.present()).isFalse();
        assertThat(aggregator.aggregates()).isTrue();
        assertThat(aggregator.elsewhere().stream().map(ProjectRoot::config))
                .containsExactly(top.resolve("a").resolve(ProjectRoots.USUAL), top.resolve("b/" + ProjectRoots.USUAL));
    }

    @Test
    void aServiceWithoutAConfigBesideOneThatHasOneIsTold() throws IOException {
        pom("", "a", "b");
        pom("a");
        pom("b");
        config("a");

        ProjectRoot found = root("b");

        assertThat(found.present()).isFalse();
        assertThat(found.aggregates()).isFalse();
        assertThat(found.elsewhere().stream().map(ProjectRoot::config))
                .containsExactly(top.resolve("a/" + ProjectRoots.USUAL));
    }

    @Test
    void aModuleUsesTheConfigOfAParentFolder() throws IOException {
        pom("", "services");
        pom("services", "a");
        pom("services/a");
        config("");

        for (String module : List.of("", "services", "services/a")) {
            assertThat(root(module).folder()).as(module).isEqualTo(top);
        }
    }

    @Test
    void aRepositoryWhoseMavenPartIsAFolderHasItsConfigAtTheTop() throws IOException {
        pom("java");
        config("");
        Files.createFile(top.resolve(".git"));

        assertThat(root("java").folder()).isEqualTo(top);
    }

    @Test
    void aConfigOutsideTheProjectIsNotUsed() throws IOException {
        pom("java");
        config("");

        assertThat(root("java").folder()).isEqualTo(top.resolve("java"));
        assertThat(root("java").present()).isFalse();
    }

    @Test
    void inAFlatLayoutTheParentsFolderIsTheRoot() throws IOException {
        pom("parent", "../a", "../b");
        pom("a");
        pom("b");

        for (boolean present : new boolean[] {false, true}) {
            if (present) {
                config("parent");
            }
            assertThat(root("parent").folder()).isEqualTo(top.resolve("parent"));
            assertThat(root("a", "parent").folder()).isEqualTo(top.resolve("parent"));
            assertThat(root("b", "parent").present()).isEqualTo(present);
        }
    }

    @Test
    void inAFlatLayoutTheFolderAroundItMayHaveTheConfig() throws IOException {
        pom("parent", "../a");
        pom("a");
        config("");

        assertThat(root("a", "parent").folder()).isEqualTo(top);
        assertThat(root("parent").folder()).isEqualTo(top);
    }

    @Test
    void aProjectThatWasGeneratedBelowAParentKeepsItsConfig() throws IOException {
        pom("", "demo");
        pom("demo");
        config("");
        config("demo");

        assertThat(root("demo", "").folder()).isEqualTo(top.resolve("demo"));
        assertThat(root("").folder()).isEqualTo(top);
    }

    @Test
    void withoutAConfigTheOutermostPomThatNamesTheModuleIsTheRoot() throws IOException {
        pom("", "parent", "group");
        pom("parent");
        pom("group", "a/pom.xml", "${unknown}");
        pom("group/a");
        pom("stranger");
        Files.createDirectory(top.resolve(".mvn"));

        for (String module : List.of("", "parent", "group", "group/a")) {
            assertThat(root(module).folder()).as(module).isEqualTo(top);
        }
        assertThat(root("group/a", "parent").folder()).isEqualTo(top);
        assertThat(root("stranger").folder()).isEqualTo(top.resolve("stranger"));
    }

    @Test
    void findsAConfigWithAnotherName() throws IOException {
        pom("", "a");
        pom("a");
        config("a");

        assertThat(new ProjectRoots("a/" + ProjectRoots.USUAL).of(top.resolve("a"), List.of(top)))
                .isEqualTo(new ProjectRoot(top, top.resolve("a/" + ProjectRoots.USUAL)));
        assertThat(new ProjectRoots("../a/" + ProjectRoots.USUAL).of(top.resolve("a"), List.of(top)))
                .isEqualTo(new ProjectRoot(top.resolve("a"), top.resolve("a/" + ProjectRoots.USUAL)));
        config("");
        assertThat(new ProjectRoots("../" + ProjectRoots.USUAL).of(top.resolve("a"), List.of()))
                .isEqualTo(new ProjectRoot(top, top.resolve(ProjectRoots.USUAL)));
    }

    @Test
    void anAbsoluteConfigIsThatOfItsFolderWhereTheModuleLiesInIt() throws IOException {
        pom("", "a", "b");
        pom("a");
        pom("b");
        Path file = config("a");

        ProjectRoots roots = new ProjectRoots(file.toString());

        assertThat(roots.of(top.resolve("a"), List.of(top)).folder()).isEqualTo(top.resolve("a"));
        assertThat(roots.of(top.resolve("b"), List.of(top)).folder()).isEqualTo(top);
        assertThat(roots.of(top.resolve("b"), List.of(top)).config()).isEqualTo(file);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkedCheckoutIsTheSameProject() throws IOException {
        pom("", "a");
        pom("a");
        Files.createDirectory(top.resolve(".mvn"));
        config("");
        Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("link"), top);

        Path found = new ProjectRoots(ProjectRoots.USUAL)
                .of(link.resolve("a"), List.of())
                .folder();

        assertThat(found).isEqualTo(link);
    }

    /** As Maven 4 does. */
    @Test
    void aPomOfTheNewModelThatNamesNoModulesHasThoseOfItsSubfolders() throws IOException {
        String model = "<project xmlns='http://maven.apache.org/POM/4.1.0'><packaging>pom</packaging>%s</project>";
        pom("a");
        Files.createDirectories(top.resolve("none"));
        Files.writeString(top.resolve("pom.xml"), model.formatted(""));
        assertThat(root("a").folder()).isEqualTo(top);
        assertThat(root("none").folder()).isEqualTo(top.resolve("none"));

        String plugin = "<build><x><packaging>jar</packaging><modules><y/></modules></x></build>";
        Files.writeString(top.resolve("pom.xml"), model.formatted(plugin));
        assertThat(root("a").folder()).isEqualTo(top);

        Files.writeString(top.resolve("pom.xml"), model.formatted("<subprojects/>"));
        assertThat(root("a").folder()).isEqualTo(top.resolve("a"));
        Files.writeString(top.resolve("pom.xml"), model.formatted("").replace("4.1.0", "4.0.0"));
        assertThat(root("a").folder()).isEqualTo(top.resolve("a"));
    }

    @Test
    void aPomThatCannotBeReadNamesNoModules() throws IOException {
        Files.writeString(Files.createDirectories(top.resolve("a")).resolve("pom.xml"), "<project><modules>");
        Files.writeString(
                top.resolve("pom.xml"),
                "<!DOCTYPE project [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><project><modules><module>&x;</module>"
                        + "</modules></project>");

        assertThat(root("a").folder()).isEqualTo(top.resolve("a"));
        assertThat(root("").folder()).isEqualTo(top);
    }

    private ProjectRoot root(String module, String... parents) {
        return new ProjectRoots(ProjectRoots.USUAL)
                .of(
                        top.resolve(module),
                        List.of(parents).stream().map(top::resolve).toList());
    }

    private Path config(String folder) throws IOException {
        Path file = top.resolve(folder).resolve(ProjectRoots.USUAL);
        Files.createDirectories(file.resolve("..").normalize());
        return Files.writeString(file, "{}");
    }

    private void pom(String folder, String... modules) throws IOException {
        StringBuilder text = new StringBuilder("<project xmlns='http://maven.apache.org/POM/4.0.0'><modules>");
        for (String module : modules) {
            text.append("<module>").append(module).append("</module>");
        }
        Files.writeString(
                Files.createDirectories(top.resolve(folder)).resolve("pom.xml"), text.append("</modules></project>"));
    }
}
