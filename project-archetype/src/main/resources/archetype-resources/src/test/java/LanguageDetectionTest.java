package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uses the real model from the project's model cache. */
class LanguageDetectionTest {

    private static LanguageDetection detection;

    @BeforeAll
    static void loadsTheModel() throws IOException {
        detection = LanguageDetection.load();
    }

    @ParameterizedTest
    @CsvSource({
        "eng, The models are fetched once and checked in every build.",
        "fra, Les poules du voisin ont encore traversé la route ce matin.",
        "deu, Die Nachbarn haben heute Morgen schon wieder die Katze gesucht.",
        "spa, Los niños juegan en el parque mientras llueve un poco.",
        "hin, यह एक छोटा सा वाक्य है जो हिन्दी में लिखा गया है।",
    })
    void tellsTheLanguageOfASentence(String language, String sentence) {
        assertEquals(language, detection.languageOf(sentence));
    }

    @Test
    void tellsTheLanguageAgainAndAgain() {
        String greeting = "Bonjour tout le monde";

        assertEquals("fra", detection.languageOf(greeting));
        assertEquals("fra", detection.languageOf(greeting));
    }
}
