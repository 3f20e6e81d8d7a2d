package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.model.ModelReference;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HubErrorsTest {

    private static final ModelReference MODEL = ModelReference.parse("hf:acme/tiny");
    private static final URI HUB = URI.create("https://hub.example/");

    private static TransferException refused(Kind kind, int status, String code, String reason) {
        Map<String, String> headers = code.isEmpty()
                ? Map.of("X-Error-Message", reason)
                : Map.of("X-Error-Code", code, "X-Error-Message", reason);
        return new TransferException(kind, "https://hub.example/x answered " + status, status, headers, null);
    }

    private static String file(Kind kind, int status, String code, String reason) {
        return String.valueOf(HubErrors.ofFile(MODEL, HUB, "model.bin", refused(kind, status, code, reason))
                .getMessage());
    }

    @Test
    void aRequestThatIsUnderReviewIsCalledThat() {
        assertThat(file(
                        Kind.FORBIDDEN,
                        403,
                        "GatedRepo",
                        "Your request to access model acme/tiny is awaiting a review from the repo authors."))
                .isEqualTo("hf:acme/tiny is gated: Your request to access model acme/tiny is awaiting a review from the"
                        + " repo authors; see https://hub.example/acme/tiny");
    }

    @Test
    void aTokenWithoutTheRightIsCalledThat() {
        assertThat(file(
                        Kind.FORBIDDEN,
                        403,
                        "",
                        "Please enable access to public gated repositories in your fine-grained token settings."))
                .isEqualTo("hf:acme/tiny: https://hub.example/ answers 403: Please enable access to public gated"
                        + " repositories in your fine-grained token settings; see the rights of the token at"
                        + " https://hub.example/settings/tokens");
    }

    @Test
    void aDeletedCommitIsReportedWithAFix() {
        assertThat(file(Kind.NOT_FOUND, 404, "RevisionNotFound", "Invalid rev id"))
                .isEqualTo(
                        "The locked commit of hf:acme/tiny no longer exists at https://hub.example/, because its history was"
                                + " rewritten. To pin the current commit, run mvn cache:lock -Dcache.update=hf:acme/tiny");
    }

    @Test
    void aMissingModelWasDeletedOrRenamed() {
        assertThat(file(Kind.UNAUTHORIZED, 401, "RepoNotFound", "Repository not found"))
                .startsWith(
                        "hf:acme/tiny no longer exists at https://hub.example/: it was deleted, renamed or made private")
                .doesNotContain("does not exist");
    }

    @Test
    void aProxyWithoutListsOfFilesIsNotAHubWithoutTheModel() {
        assertThat(HubErrors.ofList(MODEL, HUB, refused(Kind.NOT_FOUND, 404, "", ""))
                        .getMessage())
                .contains("https://hub.example/ knows the model, but answers 404")
                .contains("cache.endpoint")
                .doesNotContain("does not exist");
    }

    @Test
    void messagesOfTheHubAreShortenedAndSanitised() {
        String message = file(Kind.CLIENT_ERROR, 418, "", "tea\u001b[31m" + "x".repeat(1_000));
        assertThat(message).contains("answers 418: tea?[31mxxx").hasSizeLessThan(400);
    }
}
