package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds models in shell scripts, Dockerfiles, requirements and CI steps. */
final class ShellReader {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"';&|()<>`,\\[\\]]+)|[;&|]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_]\\w*)(?::?-([^}]*))?\\}?");
    private static final Pattern ASSIGNMENT = Pattern.compile("(?:-[eD])?([A-Za-z_][\\w.]*)=(\\S+)");
    private static final Pattern PRINTS = Pattern.compile("\\s*-?\\s*(echo|printf|print|log\\w*|warn\\w*|die)\\b.*");

    /** Marks the end of a command. */
    private static final String END = ";";

    /** Names of shell functions that fetch models. */
    private static final Pattern FUNCTION = Pattern.compile(
            "(?i)(cache|download|fetch|get|pull|install|load|prefetch)_?\\w*(model|hf|hub|weights|checkpoint)\\w*");

    /** A line without any of these does not mention a model. */
    private static final String[] HINTS = {"/", "spacy", "ollama", "whisper"};

    private final ModelNaming naming;
    private final SettingReader settings;

    ShellReader(ModelNaming naming, SettingReader settings) {
        this.naming = naming;
        this.settings = settings;
    }

    /** Reads a script. */
    void read(String text, Findings findings) {
        Map<String, String> variables = new HashMap<>();
        int number = 0;
        String command = "";
        for (String line : text.split("\n", -1)) {
            number++;
            command += line;
            if (line.endsWith("\\")) {
                command = command.substring(0, command.length() - 1) + " ";
                continue;
            }
            boolean comment =
                    line.stripLeading().startsWith("#") || PRINTS.matcher(line).matches();
            line(command, number, comment ? findings.inComments() : findings, variables);
            command = "";
        }
    }

    /** Reads one command. */
    void line(String command, int number, Findings findings) {
        line(command, number, findings, new HashMap<>());
    }

    private void line(String command, int number, Findings findings, Map<String, String> variables) {
        if (command.length() > 4000 || !mayName(command)) {
            assignments(command, variables);
            return;
        }
        List<String> words = words(command, variables);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            String afterNext = i + 2 < words.size() ? words.get(i + 2) : "";
            boolean hub = (word.equals("hf") || word.equals("huggingface-cli") || word.endsWith("/hf"))
                    && next.equals("download");
            if (hub) {
                List<String> rest = words.subList(i + 2, words.size());
                int end = rest.indexOf(END);
                download(end < 0 ? rest : rest.subList(0, end), number, findings);
            } else if (word.equals("spacy") && next.equals("download")) {
                report(ModelKind.SPACY, afterNext, number, "spacy download", findings);
            } else if (word.equals("ollama") && (next.equals("pull") || next.equals("run"))) {
                report(ModelKind.OLLAMA, afterNext, number, "ollama " + next, findings);
            } else if (word.equals("vllm") && next.equals("serve")) {
                report(ModelKind.HUB_OWNED, afterNext, number, "vllm serve", findings);
            } else if (word.indexOf(' ') > 0) {
                line(word, number, findings, variables); // a command in quotes
            } else if (word.contains("://")) {
                address(word, words, number, findings);
            } else if (FUNCTION.matcher(word).matches()) {
                naming.of(ModelKind.HUB_OWNED, next)
                        .ifPresent(model -> findings.add(model, number, word, Certainty.LIKELY, false));
            } else if (word.startsWith("-")) {
                option(word, next, number, findings);
            } else {
                assignment(word, number, findings, variables);
            }
        }
    }

    private static boolean mayName(String command) {
        for (String hint : HINTS) {
            if (command.contains(hint)) {
                return true;
            }
        }
        return false;
    }

    private List<String> words(String command, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command);
        while (matcher.find()) {
            String word = word(matcher);
            if (word.endsWith("=") && matcher.find()) {
                word += word(matcher);
            }
            words.add(replaced(word, variables));
        }
        return words;
    }

    private static String word(Matcher matcher) {
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return END;
    }

    private static String replaced(String word, Map<String, String> variables) {
        if (word.indexOf('$') < 0) {
            return word;
        }
        return VARIABLE.matcher(word).replaceAll(found -> {
            String value = variables.getOrDefault(found.group(1), found.group(2));
            return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
    }

    private static void assignments(String command, Map<String, String> variables) {
        Matcher matcher = ASSIGNMENT.matcher(command.strip());
        if (matcher.matches()) {
            variables.put(matcher.group(1), matcher.group(2).replaceAll("[\"']", ""));
        }
    }

    private void assignment(String word, int number, Findings findings, Map<String, String> variables) {
        Matcher matcher = ASSIGNMENT.matcher(word);
        if (matcher.matches()) {
            variables.put(matcher.group(1), matcher.group(2));
            settings.read(matcher.group(1), matcher.group(2), number, findings);
        }
    }

    private void report(ModelKind kind, String name, int number, String how, Findings findings) {
        naming.of(kind, name).ifPresent(model -> findings.add(model, number, how, Certainty.CERTAIN, false));
    }

    /** Reads {@code hf download org/name file --revision v1 --include '*.json'}. */
    private void download(List<String> words, int number, Findings findings) {
        Optional<String> repository = Optional.empty();
        Optional<String> revision = Optional.empty();
        List<String> include = new ArrayList<>();
        ModelKind kind = ModelKind.HUB;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "--revision" -> {
                    revision = Optional.of(next).filter(ModelNaming::isPath);
                    i++;
                }
                case "--include" -> {
                    Optional.of(next).filter(ModelNaming::isPath).ifPresent(include::add);
                    i++;
                }
                case "--repo-type" -> {
                    kind = next.equals("dataset") ? ModelKind.DATASET : kind;
                    i++;
                }
                case "--local-dir", "--cache-dir", "--token", "--exclude", "--max-workers" -> i++;
                default -> {
                    if (repository.isEmpty() && !word.startsWith("-")) {
                        repository = Optional.of(word);
                    } else if (ModelNaming.isPath(word) && word.indexOf('.') > 0 && !word.startsWith("-")) {
                        include.add(word);
                    }
                }
            }
        }
        Optional<String> asked = revision;
        repository
                .flatMap(naming(kind))
                .ifPresent(model -> findings.add(
                        new NamedModel(model.reference(), asked.or(model::revision), include),
                        number,
                        "hf download",
                        Certainty.CERTAIN,
                        false));
    }

    private Function<String, Optional<NamedModel>> naming(ModelKind kind) {
        return name -> naming.of(kind, name);
    }

    private void address(String word, List<String> words, int number, Findings findings) {
        boolean clone = words.contains("git") && words.contains("clone");
        boolean fetches = clone || words.contains("wget") || words.contains("curl") || words.contains("aria2c");
        String address = word.replaceFirst("^\\w+\\+", "").replaceFirst("^[\\w.-]+=(?=[a-z]+://)", "");
        naming.of(ModelKind.SPACY, address)
                .or(() -> clone
                        ? naming.of(ModelKind.URL, address)
                                .filter(model -> model.reference().scheme().equals("hf"))
                        : naming.address(address))
                .ifPresent(model -> findings.add(
                        model,
                        number,
                        clone ? "git clone" : "address",
                        fetches ? Certainty.CERTAIN : Certainty.LIKELY,
                        false));
    }

    /** Reads {@code --model-id org/name} and {@code --model=org/name}. */
    private void option(String word, String next, int number, Findings findings) {
        int equals = word.indexOf('=');
        String name = (equals < 0 ? word : word.substring(0, equals)).replaceFirst("^-+D?", "");
        if (word.equals("-hf") || name.equals("hf-repo")) {
            int colon = next.indexOf(':');
            report(ModelKind.HUB_OWNED, colon < 0 ? next : next.substring(0, colon), number, word, findings);
        } else if (!name.isEmpty()) {
            settings.read(name, equals < 0 ? next : word.substring(equals + 1), number, findings);
        }
    }
}
