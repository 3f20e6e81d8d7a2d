package io.github.modelcache.config;

import java.util.regex.Pattern;

/** Rules for names of folders and variables. */
public final class ConfigNames {
    /** The rule in words, after "expected … to have". */
    public static final String RULE =
            "letters, digits, '_', '-' and '.', at most 64, and neither '.' nor '-' at an end";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?");

    private ConfigNames() {}

    public static boolean valid(String name) {
        return NAME.matcher(name).matches();
    }

    /** @param kind such as "an environment" */
    static void require(String kind, String name, ConfigValue at) throws ConfigException {
        if (!valid(name)) {
            throw at.problem("found the name \"" + name + "\"; expected the name of " + kind + " to have " + RULE);
        }
    }
}
