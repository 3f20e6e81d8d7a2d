package io.github.modelcache.scan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a chat template, which is a Jinja program, must not reach for: the inside of Python, and other files. */
final class TemplateRules {
    private static final Pattern BLOCK = Pattern.compile("\\{\\{.*?(\\}\\}|$)|\\{%.*?(%\\}|$)", Pattern.DOTALL);
    private static final Pattern STRING =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);
    private static final Pattern ESCAPED =
            Pattern.compile("\\\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\\{|[0-7])");
    private static final Pattern HIDDEN_NAME = Pattern.compile("_+|.*__.*|.*%c.*", Pattern.DOTALL);
    private static final Pattern REACH = Pattern.compile("\\b(__\\w+|lipsum|cycler|joiner|self|request|config|url_for"
            + "|get_flashed_messages|popen|system|subprocess|importlib|mro|getattr|globals|builtins|eval|exec|open)\\b"
            + "|\\b\\w*__\\w+|\\|\\s*attr\\b|\\.\\s*format(_map)?\\s*\\(");
    private static final Pattern STATEMENT = Pattern.compile("\\{%[-+]?\\s*(import|from|include|extends)\\b");

    private TemplateRules() {}

    /** What is wrong with a template, as the end of a sentence. */
    static Optional<String> problem(String template) {
        Matcher block = BLOCK.matcher(template);
        while (block.find()) {
            Optional<String> problem = blockProblem(block.group());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> blockProblem(String block) {
        Matcher string = STRING.matcher(block);
        while (string.find()) {
            String text = string.group().substring(1, string.group().length() - 1);
            if (HIDDEN_NAME.matcher(text).matches() || (ESCAPED.matcher(text).find() && text.matches("[\\\\\\w{}]+"))) {
                return Optional.of("spells a hidden name as the text " + string.group());
            }
        }
        String code = STRING.matcher(block).replaceAll("''");
        Matcher statement = STATEMENT.matcher(code);
        if (statement.find()) {
            return Optional.of("reads another file by '" + statement.group(1) + "'");
        }
        Matcher reach = REACH.matcher(code);
        return reach.find() ? Optional.of("uses '" + reach.group().strip() + "'") : Optional.empty();
    }
}
