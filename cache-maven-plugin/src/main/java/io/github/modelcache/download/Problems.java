package io.github.modelcache.download;

import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.source.ModelException;
import java.util.ArrayList;
import java.util.List;

/** Collects what goes wrong with single models, so that the others are brought all the same. */
final class Problems {

    private final Messages messages;
    private final List<Exception> serious = new ArrayList<>();

    Problems(Messages messages) {
        this.messages = messages;
    }

    /** An optional model that can't be had is a warning; any other fails the goal at its end. */
    synchronized void add(ModelDeclaration declaration, Exception problem) {
        if (declaration.optional()) {
            messages.warn(problem.getMessage() + " (the model is optional: the build goes on without it)");
        } else {
            serious.add(problem);
        }
    }

    /** Fails with the first problem and names the others. */
    synchronized void rethrow() throws ModelException {
        if (serious.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (Exception problem : serious) {
            text.append(text.isEmpty() ? "" : System.lineSeparator()).append(problem.getMessage());
        }
        ModelException failure = new ModelException(text.toString(), serious.get(0));
        serious.stream().skip(1).forEach(failure::addSuppressed);
        throw failure;
    }
}
