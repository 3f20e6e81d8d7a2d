package io.github.modelcache.serve;

import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.util.Optional;

/**
 * A request for something that is not locked. Clients choose their exception by the code.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/utilities">errors of the hub's client</a>
 */
final class NotServedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String commit;

    private NotServedException(String code, String message, String commit) {
        super(message);
        this.code = code;
        this.commit = commit;
    }

    static NotServedException repository(HubRepository repository, Optional<String> near) {
        String name = repository.reference().toString();
        return new NotServedException(
                "RepoNotFound",
                name + " is not in the lock file, and cache:serve fetches nothing; "
                        + near.map(id -> "did you mean hf:" + id + "? To serve it, add \"")
                                .orElse("add \"")
                        + name + "\" to cache.models in config/hardware_cache.json, run mvn cache:download, and start"
                        + " cache:serve again",
                "");
    }

    static NotServedException revision(HubRepository repository, String revision, String locked) {
        return new NotServedException(
                "RevisionNotFound",
                repository.reference() + " is not locked at the revision '" + revision + "', only at " + locked
                        + "; ask for that one, or declare the revision in config/hardware_cache.json and run mvn"
                        + " cache:download",
                "");
    }

    static NotServedException entry(ResolvedModel model, String path) {
        return new NotServedException(
                "EntryNotFound",
                "'" + path + "' is not one of the locked files of " + model.version()
                        + "; if the model has it, check include and exclude in config/hardware_cache.json and run mvn"
                        + " cache:lock",
                model.revision());
    }

    /** Whether the repository is locked, but not this file of it. */
    boolean isEntry() {
        return code.equals("EntryNotFound");
    }

    Answer answer() {
        Answer answer = Answer.error(404, String.valueOf(getMessage())).with("X-Error-Code", code);
        return commit.isEmpty() ? answer : answer.with("X-Repo-Commit", commit);
    }
}
