package ${package};

import java.io.File;
import java.io.IOException;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetector;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** Tells what language a text is written in, with OpenNLP's language detector and its model of 103 languages. */
final class LanguageDetection {

    private static final String MODEL =
            "org.apache.opennlp/opennlp-models-langdetect/@{version.opennlp-models-langdetect}";
    private static final String FILE = "langdetect-183.bin";

    private final LanguageDetector detector;

    private LanguageDetection(LanguageDetector detector) {
        this.detector = detector;
    }

    /**
     * Loads the model, which takes a second.
     *
     * @param models where the models are
     * @return a detector, to be used again and again
     * @throws IOException when the model is missing or broken
     */
    static LanguageDetection load(Models models) throws IOException {
        File file = models.find(MODEL, FILE).toFile();
        return new LanguageDetection(new LanguageDetectorME(new LanguageDetectorModel(file)));
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
