package io.github.modelcache.discover;

import io.github.modelcache.discover.code.SourceCode;
import io.github.modelcache.discover.code.Token;
import io.github.modelcache.discover.code.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the models in source code. */
final class CodeReader {

    private static final Pattern MARKS = Pattern.compile("(?m)^[ \\t]*(>>>|\\.\\.\\.|#+|//+|/\\*+|\\*+/?)");

    /** Lines of a docstring that show code. */
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^[ \\t]*(?:>>>|\\.\\.\\.) ?(.*)$|^.*$");

    private static final Pattern COMMAND =
            Pattern.compile("\\b(spacy|hf|huggingface-cli) download |\\bollama (pull|run) [\\w./-]+:");

    private final WordFilter words;
    private final Tools tools;

    /** The parts that recognize models in calls, names, settings and commands. */
    record Tools(KnownCalls known, ModelNaming naming, SettingReader settings, ShellReader shell) {}

    CodeReader(WordFilter words, Tools tools) {
        this.words = words;
        this.tools = tools;
    }

    /** Reports the models in a Python file. */
    void python(String text, Findings findings) {
        read(new SourceCode(Tokenizer.python(text), true), findings, true);
    }

    /** Reports the models in a Java, Kotlin, Scala or Groovy file. */
    void java(String text, Findings findings) {
        read(new SourceCode(Tokenizer.java(text), false), findings, false);
    }

    private void read(SourceCode code, Findings findings, boolean python) {
        new CodeFile(tools, code, findings).read();
        StringBuilder joined = new StringBuilder();
        StringBuilder examples = new StringBuilder();
        int line = 1;
        for (Token comment : code.comments()) {
            // Adjacent comment lines become one text that keeps their line numbers.
            while (line < comment.line()) {
                joined.append('\n');
                examples.append('\n');
                line++;
            }
            String text = withoutMarks(comment.text());
            joined.append(text).append(python ? "\n" : " ");
            int breaks = (int) text.chars().filter(c -> c == '\n').count();
            examples.append(examples(comment.text(), breaks)).append('\n');
            line += breaks + (python ? 1 : 0);
        }
        readCommands(joined, findings.inComments());
        if (python && !examples.toString().isBlank()) {
            SourceCode shown = new SourceCode(Tokenizer.python(examples.toString()), true);
            new CodeFile(tools, shown, findings.inComments()).read();
        }
        if (mayName(joined)) {
            String text = joined.toString();
            SourceCode inComments = new SourceCode(python ? Tokenizer.python(text) : Tokenizer.java(text), python);
            new CodeFile(tools, inComments, findings.inComments()).readCalls();
        }
    }

    /** The code that a comment shows, at its lines. */
    private static String examples(String comment, int breaks) {
        return comment.contains(">>>")
                ? EXAMPLE.matcher(comment)
                        .replaceAll(line -> Matcher.quoteReplacement(
                                Optional.ofNullable(line.group(1)).orElse("")))
                : "\n".repeat(breaks);
    }

    private void readCommands(StringBuilder comments, Findings findings) {
        if (comments.indexOf(" download ") < 0 && comments.indexOf("ollama ") < 0) {
            return;
        }
        int number = 0;
        for (String line : comments.toString().split("\n", -1)) {
            number++;
            if (COMMAND.matcher(line).find()) {
                tools.shell().line(line, number, findings);
            }
        }
    }

    private boolean mayName(StringBuilder text) {
        return words.mayCall(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String withoutMarks(String comment) {
        return MARKS.matcher(comment).replaceAll("");
    }
}
