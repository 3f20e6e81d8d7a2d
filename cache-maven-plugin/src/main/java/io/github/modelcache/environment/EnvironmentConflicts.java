package io.github.modelcache.environment;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables in the inherited environment and in the project's {@code .env} file that contradict the config. Programs of
 * the build get the right values; programs that users start themselves do not.
 */
public final class EnvironmentConflicts {

    /** A larger file is not a {@code .env} file. */
    static final int LARGEST_FILE_BYTES = 64 << 10;

    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*))");
    private static final Pattern SECRET = Pattern.compile("TOKEN|SECRET|PASSW|CREDENTIAL|_KEY\\b|API_?KEY");
    private static final Pattern CREDENTIALS = Pattern.compile("://[^/\\s]*@|(?:^|\\s)hf_[A-Za-z0-9]{16,}");
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    private final CacheConfig config;
    private final Path home;
    private final Map<String, String> inherited;
    private final SortedMap<String, String> expected;

    /** The conflicts of a project; {@code inherited} is the environment of the build. */
    public EnvironmentConflicts(CacheConfig config, Path home, Map<String, String> inherited) {
        this.config = config;
        this.home = home;
        this.inherited = Map.copyOf(inherited);
        // The offline switches do not depend on the config.
        expected = new CacheEnvironment(config, home).variables(false, inherited);
        if (!config.environment().containsKey("HF_TOKEN_PATH")) {
            expected.remove("HF_TOKEN_PATH"); // the user decides about the token file
        }
    }

    /** The conflicts of the inherited environment, sorted by name. */
    public List<VariableConflict> inherited() {
        return conflicts(inherited, Optional.empty());
    }

    /** The project's {@code .env} file, which need not exist. */
    public Path file() {
        return config.projectRoot().resolve(".env");
    }

    /**
     * The conflicts of the project's {@code .env} file, sorted by name. A folder of that name is a virtual environment.
     *
     * @throws IOException if it can't be read, is not a regular file, or is too large
     */
    public List<VariableConflict> ofFile() throws IOException {
        if (!Files.exists(file()) || Files.isDirectory(file())) {
            return List.of();
        }
        // Text that is not UTF-8 is no value of ours.
        String text = new String(RegularFile.bytes(file(), LARGEST_FILE_BYTES), StandardCharsets.UTF_8);
        return conflicts(new DotenvFile(text).variables(), Optional.of(config.projectRoot()));
    }

    private List<VariableConflict> conflicts(Map<String, String> set, Optional<Path> base) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(CacheEnvironment.MISLEADING);
        List<VariableConflict> conflicts = new ArrayList<>();
        for (String name : names) {
            String actual = set.get(name);
            if (actual != null && isConflict(name, actual, value -> expanded(value, set), base)) {
                Optional<String> wanted = Optional.ofNullable(expected.get(name));
                boolean secret = isSecret(name, wanted.orElse("") + ' ' + actual);
                conflicts.add(new VariableConflict(name, base.map(folder -> file()), wanted, actual, secret));
            }
        }
        return conflicts;
    }

    private static boolean isSecret(String name, String values) {
        return SECRET.matcher(name.toUpperCase(Locale.ROOT)).find()
                || CREDENTIALS.matcher(values).find();
    }

    private interface Expansion {
        String of(String value);
    }

    private boolean isConflict(String name, String actual, Expansion expansion, Optional<Path> base) {
        String wanted = expected.get(name);
        if (wanted != null) {
            return !same(wanted, actual, expansion, base);
        }
        // An older name is harmless if it has the same value as the newer one, or is empty.
        return !actual.isEmpty()
                && !same(Objects.requireNonNull(expected.get("HF_HUB_CACHE")), actual, expansion, base)
                && !same(Objects.requireNonNull(expected.get("TRANSFORMERS_CACHE")), actual, expansion, base);
    }

    private boolean same(String wanted, String actual, Expansion expansion, Optional<Path> base) {
        if (wanted.equals(actual) || (isTrue(wanted) && isTrue(actual))) {
            return true;
        }
        Optional<Path> one = place(wanted, Optional.of(config.projectRoot()));
        Optional<Path> other = place(expansion.of(actual), base);
        return !actual.isEmpty() && one.isPresent() && one.equals(other);
    }

    private static boolean isTrue(String value) {
        return TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    /** The real path of a value; empty for a relative path without a base. */
    private Optional<Path> place(String value, Optional<Path> base) {
        try {
            boolean inHome = value.equals("~") || value.startsWith("~/") || value.startsWith("~\\");
            Path path = inHome ? home.resolve(value.substring(Math.min(2, value.length()))) : Path.of(value);
            return path.isAbsolute()
                    ? Optional.of(real(path.normalize()))
                    : base.map(folder -> real(folder.resolve(path).normalize()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The path with the links of its existing folders resolved. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null ? path : real(parent).resolve(name);
        }
    }

    /** A value with references to other variables replaced; unknown ones are kept. */
    private String expanded(String value, Map<String, String> set) {
        return REFERENCE.matcher(value).replaceAll(found -> {
            String name = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
            String known = Optional.ofNullable(inherited.get(name)).orElseGet(() -> set.get(name));
            return Matcher.quoteReplacement(known == null ? found.group() : known);
        });
    }
}
