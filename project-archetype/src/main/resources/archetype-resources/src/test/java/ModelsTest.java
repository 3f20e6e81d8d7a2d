package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {

    @TempDir
    private Path home;

    @Test
    void findsAFileOfAModel() throws IOException {
        Path file = Files.createDirectories(home.resolve("org.example/model/1.0")).resolve("model.bin");
        Files.writeString(file, "weights");

        assertEquals(file, models(home.toString()).find("org.example/model/1.0", "model.bin"));
    }

    @Test
    void saysWhatToDoWhenAModelIsMissing() {
        Models models = models(home.toString());

        String message = assertThrows(FileNotFoundException.class, () -> models.find("org.example/model/1.0", "model.bin"))
                .getMessage();

        assertTrue(message.contains(home.resolve("org.example/model/1.0/model.bin").toString()), message);
        assertTrue(message.contains("mvn cache:download"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "${cache.env.MODELS_HOME}"})
    void saysWhatToDoWhenTheVariableIsNotSet(String value) {
        Models models = models(value);

        String message = assertThrows(FileNotFoundException.class, () -> models.find("any", "any"))
                .getMessage();

        assertTrue(message.contains("MODELS_HOME"), message);
        assertTrue(message.contains("mvn compile exec:exec"), message);
    }

    private static Models models(String home) {
        return new Models(Map.of("MODELS_HOME", home));
    }
}
