package ${package};

import java.io.IOException;

/** Prints the language of the text that its arguments make up. */
public final class Main {

    private Main() {}

    /**
     * Runs the program. It exits with 2 when there is no text, with 1 when the model cannot be loaded.
     *
     * @param args the text
     */
    public static void main(String[] args) {
        String text = String.join(" ", args);
        if (text.isBlank()) {
            System.err.println("Give a text: mvn -q compile exec:exec -Dtext=\"Bonjour tout le monde\"");
            System.exit(2);
        }
        try {
            String language = LanguageDetection.load().languageOf(text);
            System.out.println(language + ": " + text);
        } catch (IOException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
