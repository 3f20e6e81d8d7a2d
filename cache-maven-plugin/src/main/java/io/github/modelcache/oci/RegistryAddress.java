package io.github.modelcache.oci;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code cache.registry} names: {@code registry.example.com/models}, {@code http://localhost:5000} or {@code
 * file:///mnt/nas/models}.
 *
 * @param server where requests go, without a path; for a folder {@code file:///}
 * @param prefix of all repositories, without slashes at its ends; may be empty
 * @param folder the folder with the layout, if it is one
 */
public record RegistryAddress(URI server, String prefix, Optional<Path> folder) {

    private static final String EXPECTED =
            "expected a registry such as registry.example.com/models, or a folder such as" + " file:///mnt/nas/models";
    /** What registries allow for a whole repository's name. */
    private static final int LONGEST_PREFIX = 255;

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*|file:.*");
    private static final Pattern FILE = Pattern.compile("(?i)file:(?://(?:localhost)?(?=/)|(?!//))");
    private static final Pattern PREFIX =
            Pattern.compile("|[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");

    /**
     * Reads an address. Without a scheme it is https, and http where the registry is on this very machine.
     *
     * @throws IllegalArgumentException when it is none, or holds a user name or a password
     */
    public static RegistryAddress parse(String text) {
        String stripped = text.strip();
        if (stripped.regionMatches(true, 0, "file:", 0, "file:".length())) {
            return folder(stripped);
        }
        if (stripped.indexOf('@') >= 0) {
            // Not printed: what stands before it may be a password.
            throw new IllegalArgumentException("cache.registry has a user name in it; put it into a <server> of"
                    + " settings.xml whose id is the registry's host, or run docker login");
        }
        try {
            boolean bare = !SCHEME.matcher(stripped).matches();
            URI address = new URI(bare ? "https://" + stripped : stripped);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("https") || scheme.equals("http");
            if (!web || address.getHost() == null || address.getQuery() != null || address.getFragment() != null) {
                throw wrong(text);
            }
            return web(address, bare && isLocal(address.getHost()) ? "http" : scheme, text);
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
    }

    /**
     * A folder's address, which people put together from a path as it is: with spaces, {@code #} or {@code ?} in it. What is
     * a URI is read as one, so {@code %20} is a space, unless there is a folder whose name has those very characters.
     */
    private static RegistryAddress folder(String text) {
        Matcher file = FILE.matcher(text);
        if (!file.lookingAt()) {
            throw wrong(text);
        }
        String path = text.substring(file.end());
        try {
            Path literal = Path.of(path.matches("/[A-Za-z]:.*") ? path.substring(1) : path);
            Path folder = path.indexOf('%') >= 0 && !Files.isDirectory(literal)
                    ? decoded(path).orElse(literal)
                    : literal;
            if (folder.isAbsolute()) {
                return new RegistryAddress(URI.create("file:///"), "", Optional.of(folder.normalize()));
            }
        } catch (InvalidPathException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static Optional<Path> decoded(String path) {
        try {
            return Optional.of(Path.of(new URI("file://" + path)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty(); // a percent sign of the path itself
        }
    }

    private static RegistryAddress web(URI address, String scheme, String text) throws URISyntaxException {
        if (address.getPath().length() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("cache.registry has a path of "
                    + address.getPath().length() + " characters, and registries allow " + LONGEST_PREFIX + "; "
                    + EXPECTED);
        }
        String prefix = address.getPath().replaceAll("^/+|/+$", "");
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("cache.registry is '" + text + "', and registries allow only lower-case"
                    + " letters, digits, and single '.', '_', '-' between them in a path; " + EXPECTED);
        }
        String host = address.getHost().equals("docker.io") ? "registry-1.docker.io" : address.getHost();
        return new RegistryAddress(
                new URI(scheme, null, host, address.getPort(), null, null, null), prefix, Optional.empty());
    }

    private static IllegalArgumentException wrong(String text) {
        // A query may hold a token.
        int query = text.regionMatches(true, 0, "file:", 0, "file:".length()) ? -1 : text.indexOf('?');
        String shown = query < 0 ? text : text.substring(0, query) + "?…";
        return new IllegalArgumentException("cache.registry is '" + shown + "', " + EXPECTED);
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Whether registries allow a name of a repository. */
    public static boolean isRepository(String name) {
        return !name.isEmpty() && PREFIX.matcher(name).matches();
    }

    /** A repository below the prefix. */
    public String repository(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** A repository for people: with the registry's host; of a folder only the folder. */
    public String display(String repository) {
        return folder.isPresent() ? toString() : server.getRawAuthority() + "/" + repository;
    }

    /** A tag for people, as container tools write it; of a folder in parentheses. */
    public String display(String repository, String tag) {
        String name = repository + ":" + tag;
        return folder.isPresent() ? this + " (" + name + ")" : server.getRawAuthority() + "/" + name;
    }

    @Override
    public String toString() {
        return folder.map(Path::toString)
                .orElseGet(() -> server.getRawAuthority() + "/" + prefix)
                .replaceAll("/$", "");
    }
}
