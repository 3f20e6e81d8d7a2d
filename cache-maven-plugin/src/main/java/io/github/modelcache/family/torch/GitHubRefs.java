package io.github.modelcache.family.torch;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.TorchHubRepository;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The branches of a repository of GitHub, by git's own list of refs.
 *
 * @see <a href="https://git-scm.com/docs/http-protocol#_smart_clients">git over HTTP</a>
 */
final class GitHubRefs {

    private static final int LARGEST_LIST = 16 << 20;

    private GitHubRefs() {}

    /** The commit of the first of these branches that exists. */
    static Optional<String> commit(
            WebAccess web, ModelReference reference, TorchHubRepository repository, List<String> branches)
            throws ModelException {
        URI address = URI.create(TorchHubSource.HOST + repository.path() + ".git/info/refs?service=git-upload-pack");
        Optional<BufferedResponse> answer = web.find(reference, address, LARGEST_LIST);
        return branches.stream()
                .flatMap(branch -> answer.flatMap(list -> commit(list.text(), branch)).stream())
                .findFirst();
    }

    private static Optional<String> commit(String refs, String branch) {
        Matcher line = Pattern.compile("([0-9a-f]{40}) refs/heads/" + Pattern.quote(branch) + "\\n")
                .matcher(refs);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }
}
