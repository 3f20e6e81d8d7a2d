package io.github.modelcache.status;

import io.github.modelcache.config.Budget;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.inventory.usage.BudgetAdvice;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Prints the status in 80 columns. */
public final class StatusText {

    private static final int WIDTH = 80;
    private static final int BAR = 30;

    private static final int LARGEST = 3;
    private static final int SHORT = 7;

    private static final String BOLD = "1";
    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";

    private final ZoneId zone;
    private final boolean colours;
    private final Instant now;

    /** A text without colours. */
    public StatusText(ZoneId zone) {
        this(zone, false, Instant.now());
    }

    /**
     * A text.
     *
     * @param zone of the dates
     * @param colours whether the terminal shows ANSI colours
     * @param now the time that ages are counted from
     */
    public StatusText(ZoneId zone, boolean colours, Instant now) {
        this.now = now;
        this.zone = zone;
        this.colours = colours;
    }

    /** The lines to print, with all models. */
    public List<String> lines(CacheStatus status) {
        return lines(status, ModelSelection.ALL);
    }

    /** The lines to print; only the list of models depends on the selection. */
    public List<String> lines(CacheStatus status, ModelSelection selection) {
        List<String> lines = new ArrayList<>();
        lines.add(painted(BOLD, "Caches of " + shortened(status.projectRoot().toString(), WIDTH - 10)));
        if (!status.configured()) {
            lines.add("No config found; these are the defaults. To create one:");
            lines.add("  mvn cache:init");
        }
        for (CacheStatus.Root root : status.roots()) {
            lines.add(root(root, status));
        }
        lines.add(row("total", ByteSize.format(status.bytes()), files(status.files()), ""));
        lines.add(budget(status));
        notes(status, lines);
        freeable(status, lines);
        models(status, selection.of(status), lines);
        return lines;
    }

    private void notes(CacheStatus status, List<String> lines) {
        status.before()
                .ifPresent(before -> lines.add("  " + growth(status.bytes() - before.bytes()) + " since the build of "
                        + LocalDate.ofInstant(before.at(), zone)));
        if (status.sharedBytes() > 0) {
            lines.add("  " + ByteSize.format(status.sharedBytes())
                    + " are hard links to files elsewhere: cleaning does not free them");
        }
        if (status.duplicateBytes() > 0) {
            lines.add("  " + ByteSize.format(status.duplicateBytes()) + " are duplicates in the hub cache");
        }
        boolean tight =
                status.freeDiskBytes().isPresent() && status.freeDiskBytes().get() < status.missingBytes();
        if (tight) {
            lines.add(painted(
                    RED,
                    "  " + ByteSize.format(status.missingBytes()) + " are missing, but the disk has only "
                            + ByteSize.format(status.freeDiskBytes().get()) + " free"));
        }
        if (status.bytes() > status.warnBytes()) {
            lines.add("  The largest models:");
            status.models().stream()
                    .limit(LARGEST)
                    .forEach(model -> lines.add(
                            shortened("    " + ByteSize.format(model.bytes()) + "  " + model.model(), WIDTH)));
            relief(status, lines);
        }
        for (CacheStatus.Root root : status.roots()) {
            if (root.budget().isPresent() && root.bytes() > root.budget().get().warnBytes()) {
                overBudget(root, root.budget().get(), status, lines);
            }
        }
    }

    /** The same advice as that of {@code cache:verify}. */
    private static void relief(CacheStatus status, List<String> lines) {
        boolean overMax = status.bytes() > status.maxBytes();
        long applicationBytes = status.roots().stream()
                .filter(root -> root.kind() == CacheRoot.Kind.APPLICATION)
                .mapToLong(CacheStatus.Root::bytes)
                .sum();
        Optional<Long> unused = status.freeable().stream()
                .filter(freeable -> freeable.scope().equals("unused"))
                .findFirst()
                .flatMap(CacheStatus.Freeable::bytes);
        long declared = declaredBytes(status, model -> true);
        List<String> commands = new BudgetAdvice(
                        status.bytes(),
                        overMax ? status.maxBytes() : status.warnBytes(),
                        applicationBytes,
                        unused,
                        declared)
                .commands();
        if (!commands.isEmpty()) {
            lines.add("  To free enough:");
            commands.forEach(command -> lines.add("    " + command));
        } else {
            lines.add("  " + needs(declared, overMax ? "cache.max_size" : "cache.warn_size"));
        }
    }

    private static long declaredBytes(CacheStatus status, Predicate<CacheStatus.Model> which) {
        return status.models().stream()
                .filter(CacheStatus.Model::declared)
                .filter(which)
                .mapToLong(CacheStatus.Model::bytes)
                .sum();
    }

    private static String needs(long declaredBytes, String member) {
        return "The declared models need " + ByteSize.format(declaredBytes) + "; declare fewer, or raise " + member;
    }

    private static void overBudget(CacheStatus.Root root, Budget budget, CacheStatus status, List<String> lines) {
        String member = root.bytes() > budget.maxBytes() ? "max_size" : "warn_size";
        String over = "  " + root.name() + " is over its warn_size of " + ByteSize.format(budget.warnBytes()) + ".";
        if (root.kind() != CacheRoot.Kind.MODEL) {
            lines.add(over + " To free its entries:");
            lines.add("    mvn cache:clean -Dcache.scope=metadata");
            return;
        }
        Predicate<CacheStatus.Model> here = model -> model.path().startsWith(root.path());
        Optional<CacheStatus.Model> largest = status.models().stream()
                .filter(here.and(model -> !model.declared() && model.bytes() > 0))
                .findFirst();
        if (largest.isPresent()) {
            lines.add(over + " To delete its largest undeclared model:");
            lines.add("    mvn cache:clean -Dcache.scope=models \"-Dcache.include="
                    + TextSanitizer.text(largest.get().model()) + "\"");
        } else {
            lines.add(over);
            lines.add("    " + needs(declaredBytes(status, here), "cache.budgets." + root.name() + "." + member));
        }
    }

    private static String growth(long bytes) {
        return bytes < 0 ? "-" + ByteSize.format(-bytes) : "+" + ByteSize.format(bytes);
    }

    private void freeable(CacheStatus status, List<String> lines) {
        lines.add(painted(BOLD, "Space that cache:clean would free, by scope"));
        for (CacheStatus.Freeable freeable : status.freeable()) {
            lines.add(row(
                    freeable.scope(),
                    freeable.bytes().map(ByteSize::format).orElse("-"),
                    freeable.bytes().isPresent() ? "" : "unknown (no lock file)",
                    ""));
        }
    }

    private String painted(String colour, String text) {
        return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    private String root(CacheStatus.Root root, CacheStatus status) {
        String path = Plan.name(status.projectRoot(), root.path());
        long limit = root.budget().map(Budget::warnBytes).orElse(Long.MAX_VALUE);
        String row = row(
                root.name(),
                root.exists() ? ByteSize.format(root.bytes()) : "-",
                root.exists() ? files(root.files()) : "missing",
                root.bytes() > limit ? "over " + ByteSize.format(limit) + ", " + path : path);
        return root.bytes() > limit ? painted(YELLOW, row) : row;
    }

    private static String row(String name, String size, String files, String path) {
        String row = String.format(Locale.ROOT, "  %-12s %8s  %-13s %s", name, size, files, path);
        return shortened(row.stripTrailing(), WIDTH);
    }

    private static String files(long count) {
        return count + (count == 1 ? " file" : " files");
    }

    private String budget(CacheStatus status) {
        double share = status.maxBytes() == 0 ? 1 : (double) status.bytes() / status.maxBytes();
        int filled = (int) Math.round(Math.min(1, share) * BAR);
        String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
        String over = status.bytes() > status.maxBytes()
                ? ", over max_size"
                : status.bytes() > status.warnBytes() ? ", over warn_size" : "";
        String colour = status.bytes() > status.maxBytes() ? RED : over.isEmpty() ? GREEN : YELLOW;
        return String.format(
                Locale.ROOT,
                "  [%s] %s of %s%s",
                painted(colour, bar),
                percent(share),
                ByteSize.format(status.maxBytes()),
                over);
    }

    private static String percent(double share) {
        return share > 0 && share < 0.01 ? "<1 %" : String.format(Locale.ROOT, "%.0f %%", Math.floor(share * 100));
    }

    private void models(CacheStatus status, List<CacheStatus.Model> listed, List<String> lines) {
        if (status.models().isEmpty()) {
            lines.add(
                    "No models are declared. Declare them in cache.models of the config, or run mvn cache:discover to find them.");
            return;
        }
        int others = status.models().size() - listed.size();
        lines.add(painted(BOLD, others == 0 ? "Models" : "Models (" + others + " more are not listed)"));
        for (CacheStatus.Model model : listed) {
            lines.add(shortened("  " + model.model(), WIDTH));
            String facts = shortened("    " + facts(model), WIDTH);
            lines.add(
                    switch (model.state()) {
                        case MISSING -> painted(RED, facts);
                        case PARTIAL, UNLOCKED -> painted(YELLOW, facts);
                        case COMPLETE, UNUSED -> facts;
                    });
        }
    }

    private String facts(CacheStatus.Model model) {
        if (model.elsewhere().isPresent()) {
            return "missing; mvn cache:migrate imports it from "
                    + model.elsewhere().get();
        }
        if (model.state() == CacheStatus.State.PARTIAL && !model.locked()) {
            return ByteSize.format(model.bytes()) + ", partial download, not locked: mvn cache:download";
        }
        if (model.declared() && !model.locked() && model.files() == 0) {
            return "missing, not locked: mvn cache:download";
        }
        List<String> facts = new ArrayList<>();
        facts.add(ByteSize.format(model.bytes()));
        facts.add(
                model.files() == model.expectedFiles()
                        ? files(model.files())
                        : model.files() + " of " + files(model.expectedFiles()) + ": mvn cache:download");
        model.lastUsed().ifPresent(time -> facts.add("used " + Age.ago(daysSince(time))));
        facts.add(
                switch (model.state()) {
                    case COMPLETE, PARTIAL, MISSING -> model.declared() ? "locked" : "locked, not declared";
                    case UNLOCKED -> "declared, not locked";
                    case UNUSED ->
                        "unused"
                                + model.revision()
                                        .map(commit -> ", " + commit.substring(0, Math.min(SHORT, commit.length())))
                                        .orElse("");
                });
        return String.join(", ", facts);
    }

    private long daysSince(Instant time) {
        return ChronoUnit.DAYS.between(LocalDate.ofInstant(time, zone), LocalDate.ofInstant(now, zone));
    }

    /** One line without control characters: it has file names that others chose. */
    private static String shortened(String line, int width) {
        String text = TextSanitizer.text(line);
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
