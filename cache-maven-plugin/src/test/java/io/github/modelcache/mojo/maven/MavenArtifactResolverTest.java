package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MavenArtifactResolverTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1.10", "2.0.1-jre", "1.3.0-android", "2024.1", "1.0.0.Final", "1.5-models", "3.1-pos"})
    void releasesAreOffered(String version) {
        assertThat(MavenArtifactResolver.isRelease(version)).isTrue();
    }

    /** As versions-maven-plugin#454 shows them. */
    @ParameterizedTest
    @ValueSource(
            strings = {"5.0.0-alpha.2", "2.0-beta-1", "3.0.0-M7", "4.0.0-rc-6", "1.0.RC2", "20041127.091804", "20030203"
            })
    void previewsAndDatesAreNot(String version) {
        assertThat(MavenArtifactResolver.isRelease(version)).isFalse();
    }
}
