package io.github.modelcache.model;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the content of an address lies below the folder of models. */
public final class UrlTarget {

    private static final List<String> ARCHIVES = List.of(".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2");

    private UrlTarget() {}

    /** Whether a name is that of an archive which is unpacked unless the declaration says otherwise. */
    public static boolean isArchive(String name) {
        return !stem(name).equals(name);
    }

    /** A name without the ending of an archive. */
    public static String stem(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Optional<String> ending = ARCHIVES.stream()
                .filter(each -> lower.endsWith(each) && lower.length() > each.length())
                .findFirst();
        return ending.map(each -> name.substring(0, name.length() - each.length()))
                .orElse(name);
    }

    /** The file of an address: its {@code to}, or host and path, so that models of one name on two hosts do not meet. */
    public static String file(URI address, ModelRequest request) {
        if (request.to().isPresent()) {
            return request.to().get();
        }
        String path = address.getPath() == null ? "" : address.getPath();
        if ("file".equalsIgnoreCase(address.getScheme())) {
            return "file" + path.substring(path.lastIndexOf('/'));
        }
        String port = address.getPort() < 0 ? "" : "_" + address.getPort();
        return address.getHost().toLowerCase(Locale.ROOT) + port + path;
    }

    /** The folder of an unpacked model; empty for a model that is one file, as its address has it. */
    public static Optional<String> folder(ResolvedModel model) {
        String folder = stem(file(URI.create(model.reference().id()), model.request()));
        boolean unpacked = !model.files().isEmpty()
                && model.files().stream().allMatch(file -> file.path().startsWith(folder + "/"));
        return unpacked ? Optional.of(folder) : Optional.empty();
    }
}
