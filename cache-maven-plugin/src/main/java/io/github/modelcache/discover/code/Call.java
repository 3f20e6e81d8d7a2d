package io.github.modelcache.discover.code;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call.
 *
 * @param name the dotted name with its import resolved; arguments of earlier calls in a chain are left out:
 *     {@code whisper.load_model}, {@code OllamaChatModel.builder.modelName}
 * @param open index of the opening bracket
 * @param line from 1
 */
public record Call(String name, int open, int line, List<Argument> arguments) {

    /** One argument; {@code name} is null for a positional one. */
    public record Argument(@Nullable String name, Range value) {}

    /** Copies the arguments. */
    public Call {
        arguments = List.copyOf(arguments);
    }

    /** The argument with this name. */
    public Optional<Range> named(String wanted) {
        return arguments.stream()
                .filter(argument -> wanted.equals(argument.name()))
                .map(Argument::value)
                .findFirst();
    }

    /** The positional argument at this index, from 0. Empty if the argument there is a named one. */
    public Optional<Range> positional(int index) {
        return index < arguments.size() && arguments.get(index).name() == null
                ? Optional.of(arguments.get(index).value())
                : Optional.empty();
    }

    /** The last part of the name. */
    public String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether the name is this one, or ends with a dot and this one. */
    public boolean isNamed(String wanted) {
        return name.endsWith(wanted)
                && (name.length() == wanted.length() || name.charAt(name.length() - wanted.length() - 1) == '.');
    }
}
