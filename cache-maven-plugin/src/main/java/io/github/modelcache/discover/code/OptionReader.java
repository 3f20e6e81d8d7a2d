package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Definitions.Definition;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads options of the command line: {@code add_argument("--model", default="x", choices=["x", "y"])} of argparse,
 * {@code option(...)} of click, {@code DEFINE_string} of absl.
 */
final class OptionReader {

    private final SourceCode code;
    private final Consumer<Definition> found;

    OptionReader(SourceCode code, Consumer<Definition> found) {
        this.code = code;
        this.found = found;
    }

    void read() {
        for (Call call : code.calls()) {
            boolean option = call.simpleName().equals("add_argument")
                    || call.simpleName().equals("option")
                    || call.simpleName().equals("add_option");
            if (option) {
                name(call).ifPresent(name -> read(call, name));
            }
            if (call.simpleName().equals("DEFINE_string") || call.simpleName().equals("DEFINE_enum")) {
                name(call)
                        .ifPresent(name -> call.positional(1)
                                .or(() -> call.named("default"))
                                .ifPresent(value -> add(name, call, value, false)));
            }
        }
    }

    private void read(Call call, String name) {
        call.named("default").ifPresent(value -> add(name, call, value, false));
        call.named("choices").ifPresent(value -> add(name, call, value, true));
    }

    private void add(String name, Call call, Range value, boolean choice) {
        found.accept(new Definition(name, call.open(), value, 0, false, false, choice));
    }

    private Optional<String> name(Call call) {
        Optional<String> given = call.named("dest").flatMap(this::literal);
        return given.or(() -> call.arguments().stream()
                .filter(argument -> argument.name() == null)
                .flatMap(argument -> literal(argument.value()).stream())
                .filter(text -> text.startsWith("--") || !text.startsWith("-"))
                .map(text -> text.replaceFirst("^--", "").replace('-', '_'))
                .findFirst());
    }

    private Optional<String> literal(Range range) {
        boolean single =
                range.end() - range.start() == 1 && code.token(range.start()).isText();
        return single ? Optional.of(code.token(range.start()).text()) : Optional.empty();
    }
}
