package io.github.modelcache.source;

import io.github.modelcache.io.Printable;
import io.github.modelcache.io.TransferException;
import io.github.modelcache.model.ModelReference;
import java.net.URI;
import java.util.Map;

/**
 * Says what the hub means by an error, and what to do. The hub tells more in headers than in the status.
 *
 * @see <a href="https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_http.py">How its own
 *     client reads them</a>
 */
final class HubErrors {

    private HubErrors() {}

    static ModelException of(ModelReference reference, URI endpoint, TransferException problem) {
        return new ModelException(message(reference, endpoint, problem), problem);
    }

    /** What it means that a file does not come which the hub lists. */
    static ModelException ofFile(ModelReference reference, URI endpoint, String path, TransferException problem) {
        String named = problem.headers().getOrDefault("X-Error-Code", "");
        boolean missing = problem.kind() == TransferException.Kind.NOT_FOUND
                && (named.isEmpty() || named.equals("EntryNotFound"));
        if (missing) {
            return new ModelException(
                    reference + " lists " + Printable.text(path) + ", but " + problem.getMessage() + ". A mirror at "
                            + endpoint + " may be behind: try again later, or without it; or leave the file out with"
                            + " \"exclude\"",
                    problem);
        }
        return switch (problem.kind()) {
            case DIGEST_MISMATCH, SIZE_MISMATCH, TOO_LONG ->
                new ModelException(
                        reference + ": " + problem.getMessage() + ". The files of a commit never change, so a mirror or"
                                + " proxy on the way is wrong: check cache.endpoint, HF_ENDPOINT and cache.mirrors",
                        problem);
            default -> of(reference, endpoint, problem);
        };
    }

    private static String message(ModelReference reference, URI endpoint, TransferException problem) {
        Map<String, String> headers = problem.headers();
        String code = headers.getOrDefault("X-Error-Code", "");
        String detail = headers.getOrDefault("X-Error-Message", "");
        int status = problem.status().orElse(0);
        String page = endpoint.resolve(reference.id()).toString();
        if (detail.contains("disabled")) {
            return reference + " was disabled by the hub; see " + page;
        }
        if (code.equals("GatedRepo")) {
            return status == 401
                    ? reference + " is gated: accept its terms at " + page + ", then " + tokenHint()
                    : reference + " is gated, and your account is not on its list: accept its terms at " + page
                            + " with the account that the token belongs to";
        }
        if (detail.contains("Invalid credentials")) {
            return "The hub does not accept the token for " + reference + ": make a new one at "
                    + endpoint.resolve("settings/tokens") + " and " + tokenHint();
        }
        if (code.equals("RevisionNotFound")) {
            return reference + " has no such revision; see its branches and tags at " + page;
        }
        if (code.equals("RepoNotFound") || status == 401 || status == 404) {
            return reference + " does not exist at " + endpoint + ", or is private: check the name, or " + tokenHint();
        }
        return reference + ": " + problem.getMessage();
    }

    private static String tokenHint() {
        return "give a token that may read it: a <server> with the id huggingface in settings.xml whose password it is,"
                + " or HF_TOKEN";
    }
}
