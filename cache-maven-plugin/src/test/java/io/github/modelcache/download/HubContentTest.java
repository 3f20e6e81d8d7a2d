package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repositories that hold something else than their names promise. */
class HubContentTest {

    @TempDir
    Path folder;

    private HubProject project;
    private TestProject served;

    @BeforeEach
    void serve() throws Exception {
        project = new HubProject(folder);
        served = new TestProject(project.origin);
    }

    @AfterEach
    void stop() {
        project.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1 | a Git LFS pointer",
                "<!DOCTYPE html><title>Sign in</title> | an HTML page",
                "../shared/pytorch_model.bin | the text of a link (to ../shared/pytorch_model.bin)"
            })
    void aStandInThatIsCommittedIsNamed(String content, String what) throws Exception {
        served.write("pytorch_model.bin", content);
        project.hub.add("acme/tiny", project.origin);

        project.download();

        assertThat(project.files.said())
                .anyMatch(line -> line.startsWith("warn: hf:acme/tiny: pytorch_model.bin is " + what));
    }

    @Test
    void anIncludePatternThatFitsNothingIsNamed() throws Exception {
        String declared = "\"models\": [{\"model\": \"hf:acme/tiny\", \"include\": [\"*.json\", \"*.safetensor\"]}]";

        project.download(declared);

        String warning =
                "warn: hf:acme/tiny: no file matches *.safetensor of \"include\"; check the spelling, or remove it";
        assertThat(project.files.said()).contains(warning);
        int said = project.files.said().size();
        project.download(declared);
        assertThat(project.files.said().subList(said, project.files.said().size()))
                .isEmpty();
    }
}
