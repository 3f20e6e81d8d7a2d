package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.process.SearchPath;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrowserTest {

    @Test
    void withoutAProgramThatOpensPagesNothingIsOpened() {
        for (String system : List.of("Linux", "Mac OS X", "Windows 11")) {
            assertThat(new Browser(new SearchPath(List.of()), system).open(Path.of("report.html")))
                    .isFalse();
        }
    }
}
