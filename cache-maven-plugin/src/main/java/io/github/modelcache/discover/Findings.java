package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Collects the models of one file. */
final class Findings {

    private final List<Mention> mentions;
    private final List<OpenNames.Constant> constants = new ArrayList<>();
    private final List<OpenNames.Use> open = new ArrayList<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final String file;
    private final Use use;
    private final BooleanSupplier catalog;
    private final boolean comment;
    private final List<Integer> lines;

    /**
     * Collects the models of a file.
     *
     * @param file relative to the root folder
     */
    Findings(List<Mention> mentions, String file) {
        this(mentions, file, FileRole.of(file), once(() -> Services.isOf(file)), false, List.of());
    }

    private Findings(
            List<Mention> mentions,
            String file,
            Use use,
            BooleanSupplier catalog,
            boolean comment,
            List<Integer> lines) {
        this.mentions = mentions;
        this.file = file;
        this.use = use;
        this.catalog = catalog;
        this.comment = comment;
        this.lines = lines;
    }

    /** A collector for the comments of the same file. */
    Findings inComments() {
        return new Findings(mentions, file, Use.EXAMPLE, catalog, true, lines);
    }

    /** A collector for a config with this text. */
    Findings inConfig(String text) {
        return new Findings(
                mentions, file, use, once(() -> catalog.getAsBoolean() || Services.isCatalog(text)), comment, lines);
    }

    private static BooleanSupplier once(BooleanSupplier condition) {
        return new BooleanSupplier() {

            private @Nullable Boolean known;

            @Override
            public boolean getAsBoolean() {
                if (known == null) {
                    known = condition.getAsBoolean();
                }
                return known;
            }
        };
    }

    /** Whether the file lists what services offer. Then only known calls and settings count. */
    boolean isCatalog() {
        return catalog.getAsBoolean();
    }

    /** A collector for a text that was taken from these lines of the file. */
    Findings atLines(List<Integer> ofFile) {
        return new Findings(mentions, file, use, catalog, comment, ofFile);
    }

    /** A constant that other files may use. */
    void constant(String name, String text, int line) {
        constants.add(new OpenNames.Constant(name, text, file, fileLine(line)));
    }

    /** A constant whose value is another constant, possibly of another file. */
    void alias(String name, String other) {
        aliases.put(name, other);
    }

    /** A call whose argument is a name that another file may define. */
    void open(OpenNames.Use use) {
        open.add(use);
    }

    /** Passes on the constants of this file, and the calls that need constants of other files. */
    void to(OpenNames names) {
        names.add(constants, aliases, open);
    }

    private int fileLine(int line) {
        return line >= 1 && line <= lines.size() ? lines.get(line - 1) : line;
    }

    void add(NamedModel model, int line, String how, Certainty certainty, boolean choice) {
        Use actual = use == Use.DEFAULT && choice ? Use.CHOICE : use;
        mentions.add(new Mention(
                model.reference(),
                model.revision(),
                model.include(),
                file,
                fileLine(line),
                how,
                comment ? Certainty.GUESS : certainty,
                actual));
    }
}
