package io.github.modelcache.verify.report;

import io.github.modelcache.finding.Finding;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The file of the repository at which a tool shows a finding. Tools want a path below the repository's top folder, so a finding
 * without a path, or with one outside of the repository, is shown at the config file.
 *
 * @param root the folder that paths are relative to
 * @param configFile the config file
 */
record FindingLocation(Path root, Path configFile) {

    /** A relative path with {@code /} between its names. */
    String path(Finding finding) {
        Path place = finding.path().filter(this::isInside).orElse(configFile);
        Path shown = isInside(place) ? root.relativize(place) : place.getFileName();
        return shown.toString().replace('\\', '/');
    }

    /**
     * The same as a relative URI reference, with {@code %} escapes. A colon in the first name is escaped, because it would end
     * a scheme (RFC 3986, section 4.2).
     */
    String uri(Finding finding) {
        try {
            String uri = new URI(null, null, "/" + path(finding), null)
                    .toASCIIString()
                    .substring(1);
            int first = uri.indexOf('/') < 0 ? uri.length() : uri.indexOf('/');
            return uri.substring(0, first).replace(":", "%3A") + uri.substring(first);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private boolean isInside(Path place) {
        return place.startsWith(root) && !place.equals(root);
    }
}
