package io.github.modelcache.download;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the failures of single models, so that the others are fetched. */
final class DownloadFailures {

    private final Messages messages;
    private final Path place;
    private final List<ModelVersion> order;
    private final List<Serious> serious = new ArrayList<>();
    private int optional;

    private record Serious(ModelVersion version, String message, Exception problem) {}

    /**
     * No problems yet.
     *
     * @param place a folder on the disk that is written to
     * @param order in which failures are told, whenever they happen
     */
    DownloadFailures(Messages messages, Path place, List<ModelVersion> order) {
        this.messages = messages;
        this.order = order;
        this.place = place;
    }

    /**
     * An optional model that cannot be fetched is a warning; any other fails the goal at its end.
     *
     * @param dependents the models that name this one
     */
    synchronized void add(ModelDeclaration declaration, Set<ModelReference> dependents, Exception problem) {
        String message = message(problem) + needed(declaration, dependents);
        if (declaration.optional()) {
            optional++;
            messages.warn(message + " (the model is optional: the build continues without it)");
        } else {
            serious.add(new Serious(declaration.version(), message, problem));
        }
    }

    /** A dependency is named with the models that need it. */
    private static String needed(ModelDeclaration declaration, Set<ModelReference> dependents) {
        return dependents.isEmpty()
                ? ""
                : " (" + dependents.stream().map(ModelReference::toString).collect(Collectors.joining(", "))
                        + (dependents.size() == 1 ? " needs " : " need ") + declaration.version() + ")";
    }

    /** How many optional models could not be fetched. */
    synchronized int optional() {
        return optional;
    }

    /** Fails with the first problem and names the others. */
    synchronized void rethrow() throws ModelException {
        if (serious.isEmpty()) {
            return;
        }
        serious.sort(Comparator.comparingInt(this::rank));
        StringBuilder text = new StringBuilder();
        for (Serious one : serious) {
            text.append(text.isEmpty() ? "" : System.lineSeparator()).append(one.message());
        }
        ModelException failure =
                new ModelException(text.toString(), serious.get(0).problem());
        serious.stream().skip(1).map(Serious::problem).forEach(failure::addSuppressed);
        throw failure;
    }

    /** Dependencies are not in the order, and come last. */
    private int rank(Serious one) {
        int index = order.indexOf(one.version());
        return index < 0 ? order.size() : index;
    }

    private String message(Exception problem) {
        return problem instanceof IOException io ? IoErrors.message(io, place) : String.valueOf(problem.getMessage());
    }
}
