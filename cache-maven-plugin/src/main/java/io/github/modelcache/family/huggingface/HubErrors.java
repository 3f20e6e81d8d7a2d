package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.Urls;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.TextSanitizer;
import java.net.URI;

/**
 * Says what the hub means by an error, and what to do. The hub tells more in headers than in the status.
 *
 * @see <a href="https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_http.py">How its own
 *     client reads them</a>
 */
final class HubErrors {

    private static final int LONGEST_REASON = 300;

    private HubErrors() {}

    /** What it means that the hub does not tell which commit a revision is. */
    static ModelException of(ModelReference reference, URI endpoint, TransferException problem) {
        return new ModelException(message(reference, endpoint, problem), problem);
    }

    /** What it means that there is no list of the files of a commit which the hub has named. */
    static ModelException ofList(ModelReference reference, URI endpoint, TransferException problem) {
        boolean unknown = problem.kind() == Kind.NOT_FOUND && code(problem).isEmpty();
        return unknown
                ? new ModelException(
                        reference + ": " + endpoint + " knows the model, but answers "
                                + problem.status().orElse(404) + " to the request for its file list ("
                                + "api/…/tree/…). A mirror or proxy must support that part of the hub's API:"
                                + " check cache.endpoint and HF_ENDPOINT",
                        problem)
                : of(reference, endpoint, problem);
    }

    /** What it means that a file does not come which the hub lists, or has listed when the model was locked. */
    static ModelException ofFile(ModelReference reference, URI endpoint, String path, TransferException problem) {
        return new ModelException(fileMessage(reference, endpoint, path, problem), problem);
    }

    private static String fileMessage(ModelReference reference, URI endpoint, String path, TransferException problem) {
        String update = "run mvn cache:lock -Dcache.update=" + reference;
        boolean missing = problem.kind() == Kind.NOT_FOUND;
        return switch (code(problem)) {
            case "RevisionNotFound" ->
                "The locked commit of " + reference + " no longer exists at " + endpoint
                        + ", because its history was rewritten. To pin the current commit, " + update;
            case "RepoNotFound" ->
                reference + " no longer exists at " + endpoint + ": it was deleted, renamed or made private. See "
                        + page(reference, endpoint) + "; declare its new name, or " + tokenHint();
            case "", "EntryNotFound" ->
                missing ? missing(reference, endpoint, path, problem) : broken(reference, endpoint, problem);
            default -> message(reference, endpoint, problem);
        };
    }

    private static String missing(ModelReference reference, URI endpoint, String path, TransferException problem) {
        String asked = problem.answered().map(Urls::display).orElse(endpoint.toString());
        return reference + " lists " + TextSanitizer.text(path) + ", but " + asked + " answers "
                + problem.status().orElse(404)
                + ". A mirror may be behind: try again later, or without it; or leave the"
                + " file out with \"exclude\"";
    }

    private static String broken(ModelReference reference, URI endpoint, TransferException problem) {
        return switch (problem.kind()) {
            case DIGEST_MISMATCH, SIZE_MISMATCH, TOO_LONG ->
                reference + ": " + problem.getMessage() + ". The files of a commit never change, so a mirror or"
                        + " proxy changed the file: check cache.endpoint, HF_ENDPOINT and cache.mirrors";
            default -> message(reference, endpoint, problem);
        };
    }

    private static String message(ModelReference reference, URI endpoint, TransferException problem) {
        String reason = reason(problem);
        int status = problem.status().orElse(0);
        String page = page(reference, endpoint);
        if (reason.contains("disabled")) {
            return reference + " was disabled by the hub; see " + page;
        }
        if (code(problem).equals("GatedRepo")) {
            return gated(reference, page, status, reason);
        }
        if (reason.contains("Invalid credentials")) {
            return "The hub does not accept the token for " + reference + ": create a new one at "
                    + endpoint.resolve("settings/tokens") + " and " + tokenHint();
        }
        if (code(problem).equals("RevisionNotFound")) {
            return reference + " has no such revision; see its branches and tags at " + page;
        }
        if (code(problem).isEmpty() && status == 404) {
            return reference + " does not exist at " + endpoint
                    + ", or is private, or that address is not a model hub: check the"
                    + " name, cache.endpoint and HF_ENDPOINT, or " + tokenHint();
        }
        if (code(problem).equals("RepoNotFound") || status == 401) {
            return reference + " does not exist at " + endpoint + ", or is private: check the name, or " + tokenHint();
        }
        if (reason.isEmpty()) {
            return reference + ": " + problem.getMessage();
        }
        String next = status == 403 ? "; see the rights of the token at " + endpoint.resolve("settings/tokens") : "";
        return reference + ": " + endpoint + " answers " + status + ": " + reason + next;
    }

    /** The hub's own words where they tell more than that one has to ask for access, such as that one has asked. */
    private static String gated(ModelReference reference, String page, int status, String reason) {
        boolean usual = reason.isEmpty() || reason.contains("is restricted");
        if (!usual) {
            return reference + " is gated: " + reason + "; see " + page;
        }
        return status == 401
                ? reference + " is gated: accept its terms at " + page + ", then " + tokenHint()
                : reference + " is gated, and your account is not on its list: accept its terms at " + page
                        + " with the account that the token belongs to";
    }

    private static String code(TransferException problem) {
        return problem.headers().getOrDefault("X-Error-Code", "");
    }

    /** What the hub says itself, without the full stop at its end. */
    private static String reason(TransferException problem) {
        String text = TextSanitizer.text(problem.headers().getOrDefault("X-Error-Message", ""))
                .strip();
        String shortened = text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
        return shortened.endsWith(".") ? shortened.substring(0, shortened.length() - 1) : shortened;
    }

    private static String page(ModelReference reference, URI endpoint) {
        return endpoint.resolve(reference.id()).toString();
    }

    private static String tokenHint() {
        return "set a token that can read it: as the password of the <server> huggingface in settings.xml,"
                + " or as HF_TOKEN";
    }
}
