package ${package};

import java.io.File;
import java.io.IOException;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetector;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** Tells what language a text is written in, with OpenNLP's language detector and its model of 103 languages. */
final class LanguageDetection {

    private static final String FILE = "langdetect-183.bin";

    private final LanguageDetector detector;

    private LanguageDetection(LanguageDetector detector) {
        this.detector = detector;
    }

    /**
     * Loads the model, which takes a second.
     *
     * @return a detector, to be used again and again
     * @throws IOException when the model is broken
     * @throws IllegalStateException when the model is missing
     */
    static LanguageDetection load() throws IOException {
        File file = Models.OPENNLP_MODELS_LANGDETECT.file(FILE).toFile();
        LanguageDetectorModel model = new LanguageDetectorModel(file);
        return new LanguageDetection(new LanguageDetectorME(model));
    }

    /**
     * Tells the language of a text. A sentence is enough, a word is not.
     *
     * @param text the text
     * @return the likeliest language as an ISO 639-3 code, such as {@code fra}
     */
    String languageOf(String text) {
        Language best = detector.predictLanguage(text);
        return best.getLang();
    }
}
