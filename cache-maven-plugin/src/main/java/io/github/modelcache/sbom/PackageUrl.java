package io.github.modelcache.sbom;

import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The package URL of a model.
 *
 * @see <a href="https://github.com/package-url/purl-spec/blob/main/types-doc/huggingface-definition.md">purl-spec,
 *     huggingface</a>
 */
final class PackageUrl {
    private PackageUrl() {}

    static String of(ResolvedModel model) {
        ModelReference reference = model.reference();
        String version = "@" + encoded(model.revision());
        return switch (reference.scheme()) {
            case "hf" -> "pkg:huggingface/" + path(reference.id(), "/") + version;
            case "maven" -> maven(reference.id(), version);
            case "torchhub" -> "pkg:github/" + path(reference.id().replaceAll("@.*", ""), "/") + version;
            default -> generic(model, version);
        };
    }

    private static String maven(String id, String version) {
        String[] parts = id.split(":", -1);
        return "pkg:maven/" + encoded(parts[0]) + "/" + encoded(parts.length > 1 ? parts[1] : "") + version;
    }

    private static String generic(ResolvedModel model, String version) {
        String id = model.reference().id();
        String name = id.substring(id.lastIndexOf('/') + 1);
        String source = model.files().size() == 1
                ? "?download_url=" + encoded(model.files().get(0).url())
                : "";
        return "pkg:generic/" + encoded(name) + (model.revision().isEmpty() ? "" : version) + source;
    }

    private static String path(String id, String separator) {
        return Arrays.stream(id.split(separator, -1)).map(PackageUrl::encoded).collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }
}
