package io.github.modelcache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/**
 * What Maven Central requires of the POMs.
 *
 * @see <a href="https://central.sonatype.org/publish/requirements/">Requirements</a>
 */
class ReleasePomTest {

    private static final Path PROJECT = Path.of("..");

    private static String value(String pom, String path) throws Exception {
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(PROJECT.resolve(pom).toFile());
        return XPathFactory.newDefaultInstance().newXPath().evaluate(path, document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "cache-maven-plugin/pom.xml", "project-archetype/pom.xml"})
    void eachPublishedModuleHasANameAndADescription(String pom) throws Exception {
        assertThat(value(pom, "/project/name")).isNotBlank();
        assertThat(value(pom, "/project/description")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/project/url",
                "/project/licenses/license/name",
                "/project/licenses/license/url",
                "/project/developers/developer/name",
                "/project/developers/developer/url",
                "/project/scm/connection",
                "/project/scm/developerConnection",
                "/project/scm/url"
            })
    void theParentHasWhatAllInherit(String path) throws Exception {
        assertThat(value("pom.xml", path)).isNotBlank();
    }

    /** Maven would append the name of each module to an inherited address. */
    @Test
    void theAddressesOfModulesAreThoseOfTheParent() throws Exception {
        for (String attribute : new String[] {
            "/project/@child.project.url.inherit.append.path",
            "/project/scm/@child.scm.connection.inherit.append.path",
            "/project/scm/@child.scm.developerConnection.inherit.append.path",
            "/project/scm/@child.scm.url.inherit.append.path"
        }) {
            assertThat(value("pom.xml", attribute)).as(attribute).isEqualTo("false");
        }
    }

    @Test
    void wholeBuildsAreNoPartOfARelease() throws Exception {
        assertThat(value("pom.xml", "count(/project/modules/module[. = 'it'])")).isEqualTo("0");
        assertThat(value("pom.xml", "//profile[id='release']/properties/stand-ins.skip"))
                .isEqualTo("true");
        assertThat(value("cache-maven-plugin/pom.xml", "count(/project/properties/stand-ins.skip)"))
                .as("a value in the module, which would win over that of the profile")
                .isEqualTo("0");
        assertThat(value("pom.xml", "//profile[id='it']/activation/activeByDefault"))
                .isEqualTo("true");
        assertThat(value("it/pom.xml", "/project/properties/maven.deploy.skip")).isEqualTo("true");
    }

    @Test
    void theBytesDoNotDependOnTheTime() throws Exception {
        assertThat(value("pom.xml", "/project/properties/project.build.outputTimestamp"))
                .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }
}
