package io.github.modelcache.serve;

import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The locked repositories of the model hub, each with its locked revisions. */
final class HubCatalog {

    /** What huggingface.js asks for instead of the default branch. */
    private static final String HEAD = "HEAD";

    private final SortedMap<String, List<ResolvedModel>> models = new TreeMap<>();

    HubCatalog(Lock lock) {
        for (ResolvedModel model : lock.models()) {
            if (model.reference().scheme().equals("hf")) {
                models.computeIfAbsent(model.reference().id(), id -> new ArrayList<>())
                        .add(model);
            }
        }
    }

    /** All locked revisions. */
    List<ResolvedModel> all() {
        return models.values().stream().flatMap(Collection::stream).toList();
    }

    boolean contains(HubRepository repository) {
        return models.containsKey(repository.webPath());
    }

    /**
     * The locked files of a revision.
     *
     * @param revision a commit, or the branch or tag that is locked
     * @throws NotServedException if the repository or the revision is not locked
     */
    ResolvedModel find(HubRepository repository, String revision) throws NotServedException {
        List<ResolvedModel> locked = models.get(repository.webPath());
        if (locked == null) {
            throw NotServedException.repository(repository, NearestName.of(repository.webPath(), models.keySet()));
        }
        String name = revision.equals(HEAD) ? HubRepository.DEFAULT_REVISION : revision;
        Optional<ResolvedModel> found = locked.stream()
                .filter(model -> revision(model).equals(name))
                .findFirst()
                // One commit may be locked twice, as a branch and as a tag, with other files.
                .or(() -> locked.stream()
                        .filter(model -> model.revision().equals(revision))
                        .reduce(ResolvedModel::with));
        return found.orElseThrow(() -> NotServedException.revision(
                repository,
                revision,
                locked.stream()
                        .map(model -> revision(model) + " (commit " + model.revision() + ")")
                        .collect(Collectors.joining(", "))));
    }

    /** The revisions of a repository. */
    List<ResolvedModel> revisions(HubRepository repository) {
        return models.getOrDefault(repository.webPath(), List.of());
    }

    /** The branch, tag or commit that a model is locked as. */
    static String revision(ResolvedModel model) {
        return model.request().revision().orElse(HubRepository.DEFAULT_REVISION);
    }
}
