package io.github.modelcache.generate;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.inventory.NamedModel;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * The source of a class with a constant for each declared model. It needs Java 8 or newer and nothing besides.
 *
 * @param packageName its package; empty for none
 * @param className its simple name
 */
public record ModelsClass(String packageName, String className) {

    private static final String TEMPLATE = "/io/github/modelcache/Models.java.template";
    private static final Pattern SEGMENT_START = Pattern.compile("^(?=[0-9])");

    /** Words that Java does not allow as class names. */
    private static final Set<String> NO_CLASS_NAMES = Set.of("permits", "record", "sealed", "var", "yield");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException when one is no name in Java, or is one that the class itself uses
     */
    public ModelsClass {
        if (!packageName.isEmpty() && !SourceVersion.isName(packageName, SourceVersion.RELEASE_17)) {
            throw new IllegalArgumentException("cache.generate.package is '" + packageName
                    + "', which is not a valid package name; expected a name such as com.example.app");
        }
        if (!SourceVersion.isIdentifier(className)
                || SourceVersion.isKeyword(className, SourceVersion.RELEASE_17)
                || NO_CLASS_NAMES.contains(className)) {
            throw new IllegalArgumentException("cache.generate.className is '" + className
                    + "', which is not a valid class name; expected a name such as Models");
        }
        if (Pattern.compile("\\b" + Pattern.quote(className) + "\\b")
                .matcher(template())
                .find()) {
            throw new IllegalArgumentException("cache.generate.className is '" + className
                    + "', which the class itself uses; expected another name, such as Models");
        }
    }

    /** The package of a project that names none: its group and artifact, in the letters that Java allows. */
    public static String usualPackage(String groupId, String artifactId) {
        return (groupId + "." + artifactId)
                .toLowerCase(Locale.ROOT)
                .lines()
                .flatMap(name -> Pattern.compile("\\.+").splitAsStream(name))
                .map(segment -> SEGMENT_START
                        .matcher(segment.replaceAll("[^a-z0-9_]", "_"))
                        .replaceFirst("_"))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> SourceVersion.isKeyword(segment) ? segment + "_" : segment)
                .collect(Collectors.joining("."));
    }

    /** Where it lies below a folder of sources. */
    public Path file(Path sources) {
        return sources.resolve(packageName.replace('.', '/')).resolve(className + ".java");
    }

    /**
     * The source, which is the same as long as config and lock are.
     *
     * @throws IllegalArgumentException when two models would have the same constant
     */
    public String source(CacheConfig config, List<NamedModel> models) {
        String values = constants(models).entrySet().stream()
                .map(constant -> constant(config, constant.getKey(), constant.getValue()))
                .collect(Collectors.joining(",\n"));
        return template()
                .replace("@PACKAGE@", packageName.isEmpty() ? "" : "\npackage " + packageName + ";\n\n")
                .replace("@CLASS@", className)
                .replace("@CONFIG@", literal(Plan.name(config.projectRoot(), config.file())))
                .replace("@CONSTANTS@", values + ";\n");
    }

    /**
     * The models by the names of their constants: in upper case, with underscores for what Java does not allow.
     *
     * @throws IllegalArgumentException when two would be the same
     */
    static Map<String, NamedModel> constants(List<NamedModel> models) {
        Map<String, NamedModel> constants = new LinkedHashMap<>();
        for (NamedModel model : models) {
            String constant = SEGMENT_START.matcher(variable(model.name())).replaceFirst("_");
            NamedModel other = constants.putIfAbsent(constant, model);
            if (other != null) {
                throw new IllegalArgumentException(
                        "The models " + other.declaration().version() + " and "
                                + model.declaration().version() + " would both be the constant " + constant
                                + "; give one of them another \"name\" in the config");
            }
        }
        return constants;
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static String constant(CacheConfig config, String constant, NamedModel model) {
        String reference = model.declaration().version().toString();
        String path = model.path()
                .map(found -> Plan.name(config.projectRoot(), found))
                .orElse("");
        return "\n    /** " + comment(reference) + " */\n    " + constant + "(\"" + literal(model.name()) + "\", \""
                + literal(reference) + "\", \"" + literal(path) + "\")";
    }

    private static String literal(String text) {
        return text.chars()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    default -> c < ' ' || c > '~' ? String.format("\\u%04x", c) : Character.toString(c);
                })
                .collect(Collectors.joining());
    }

    private static String comment(String text) {
        return text.codePoints()
                .mapToObj(c -> (c < 128 && Character.isLetterOrDigit(c)) || " .:/_-".indexOf(c) >= 0
                        ? Character.toString(c)
                        : "&#" + c + ";")
                .collect(Collectors.joining());
    }

    private static String template() {
        try (InputStream in = ModelsClass.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is missing in the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
