package io.github.modelcache.http;

import java.net.URI;
import java.util.Optional;

/** Where a server wants a content to be put. */
final class UploadPlace {
    private UploadPlace() {}

    static URI of(URI uri, BufferedResponse answer) throws TransferException {
        Optional<URI> target = answer.header("Location").flatMap(location -> Urls.resolve(answer.uri(), location));
        if (target.isPresent() && Urls.isHttp(target.get())) {
            requireAsSecure(uri, answer, target.get());
            return target.get();
        }
        throw answer.refused(Urls.display(uri) + " answered " + answer.status() + " but names no place to send the file"
                + " to; check that this is the address of such a server");
    }

    private static void requireAsSecure(URI uri, BufferedResponse answer, URI place) throws TransferException {
        if (Urls.scheme(uri).equals("https") && Urls.scheme(place).equals("http")) {
            throw answer.refused(
                    Urls.display(uri) + " names the unencrypted " + Urls.display(place) + " as the place to send the"
                            + " file to; nothing is sent"
                            + " there. A server behind a"
                            + " proxy has to know its own"
                            + " public address; ask its"
                            + " owner");
        }
    }
}
