package io.github.modelcache.discover.code;

import io.github.modelcache.discover.code.Definitions.Definition;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads options of the command line: {@code add_argument("--model", default="x", choices=["x", "y"])} of argparse,
 * {@code option(...)} of click, {@code DEFINE_string} of absl. Also {@code parametrize("model", ["x", "y"])} of pytest.
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
            } else if (call.simpleName().equals("parametrize")) {
                readParametrize(call);
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

    /** One name with a list of values, or several names in one string with a list of tuples. */
    private void readParametrize(Call call) {
        Optional<String> given = call.positional(0).flatMap(this::literal);
        Optional<Range> values = call.positional(1).filter(range -> code.partner(range.start()) == range.end() - 1);
        if (given.isEmpty() || values.isEmpty()) {
            return;
        }
        String[] names = given.get().split(",", -1);
        if (names.length == 1) {
            add(names[0].strip(), call, values.get(), true);
            return;
        }
        for (Range row : code.elements(values.get().start())) {
            List<Range> cells = code.token(row.start()).is('(') && code.partner(row.start()) > 0
                    ? code.elements(row.start())
                    : List.of();
            for (int i = 0; i < names.length && cells.size() == names.length; i++) {
                add(names[i].strip(), call, cells.get(i), true);
            }
        }
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
