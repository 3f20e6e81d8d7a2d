package io.github.modelcache.download;

import io.github.modelcache.io.IoErrors;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.source.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what goes wrong with single models, so that the others are brought all the same. */
final class Problems {

    private final Messages messages;
    private final Path place;
    private final List<Exception> serious = new ArrayList<>();

    /**
     * No problems yet.
     *
     * @param place a folder on the disk that is written to
     */
    Problems(Messages messages, Path place) {
        this.messages = messages;
        this.place = place;
    }

    /** An optional model that can't be had is a warning; any other fails the goal at its end. */
    synchronized void add(ModelDeclaration declaration, Exception problem) {
        if (declaration.optional()) {
            messages.warn(message(problem) + " (the model is optional: the build goes on without it)");
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
            text.append(text.isEmpty() ? "" : System.lineSeparator()).append(message(problem));
        }
        ModelException failure = new ModelException(text.toString(), serious.get(0));
        serious.stream().skip(1).forEach(failure::addSuppressed);
        throw failure;
    }

    private String message(Exception problem) {
        return problem instanceof IOException io ? IoErrors.message(io, place) : String.valueOf(problem.getMessage());
    }
}
