package io.github.modelcache.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The names of the declared models in programs. */
public final class ModelNames {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9._-]+");
    private static final Pattern ENDS = Pattern.compile("^[._-]+|[._-]+$");

    private ModelNames() {}

    /** Whether a text can be a name: letters, digits, dots, dashes and underscores, a letter or digit first. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * The declarations by their names, in their order.
     *
     * @throws IllegalArgumentException if two models have the same name, letter case aside, or a model has no name
     */
    public static Map<String, ModelDeclaration> of(List<ModelDeclaration> declarations) {
        Map<String, ModelDeclaration> names = new LinkedHashMap<>();
        Map<String, ModelDeclaration> folded = new LinkedHashMap<>();
        for (ModelDeclaration declaration : declarations) {
            String name = declaration.form().name().orElseGet(() -> usual(declaration, declarations));
            if (name.isEmpty()) {
                throw new IllegalArgumentException("No name can be made of " + declaration.version() + "; give it one: "
                        + example(declaration, "my-model"));
            }
            ModelDeclaration other = folded.putIfAbsent(name.toLowerCase(Locale.ROOT), declaration);
            if (other != null) {
                throw new IllegalArgumentException("The models " + other.version() + " and " + declaration.version()
                        + " have the same name '" + name + "'; give one of them another name in the config: "
                        + example(declaration, name + "-2"));
            }
            names.put(name, declaration);
        }
        return Collections.unmodifiableMap(names);
    }

    private static String example(ModelDeclaration declaration, String name) {
        return "{\"model\": \"" + declaration.reference() + "\", \"name\": \"" + name + "\"}";
    }

    /**
     * The last part of a reference: the repository, the artifact's id, the file of an address. Where a model is declared
     * at several revisions, those that name one have it in their names.
     */
    static String usual(ModelDeclaration declaration, List<ModelDeclaration> all) {
        String name = usual(declaration.reference());
        boolean several = all.stream()
                        .filter(other -> other.reference().equals(declaration.reference()))
                        .count()
                > 1;
        return several && declaration.revision().isPresent()
                ? clean(name + "-" + declaration.revision().get())
                : name;
    }

    private static String usual(ModelReference reference) {
        String id = reference.id();
        if (reference.scheme().equals("maven")) {
            String[] parts = id.split(":", -1);
            return clean(parts.length < 2 ? id : parts.length < 5 ? parts[1] : parts[1] + "-" + parts[3]);
        }
        String path = reference.scheme().equals("url") ? id.replaceFirst("[?#].*", "") : id;
        return clean(path.substring(path.replaceFirst("/+$", "").lastIndexOf('/') + 1));
    }

    private static String clean(String text) {
        String ended = ENDS.matcher(OTHERS.matcher(text).replaceAll("-")).replaceAll("");
        return ended.length() > 200 ? ended.substring(0, 200) : ended;
    }
}
