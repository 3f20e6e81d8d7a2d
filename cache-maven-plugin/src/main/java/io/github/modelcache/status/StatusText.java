package io.github.modelcache.status;

import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status as people read it, in 80 columns. */
public final class StatusText {

    private static final int WIDTH = 80;
    private static final int BAR = 30;

    private final ZoneId zone;

    /** A text with dates in the given time zone. */
    public StatusText(ZoneId zone) {
        this.zone = zone;
    }

    /** The lines to print. */
    public List<String> lines(CacheStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("Caches of " + shortened(status.projectRoot().toString(), WIDTH - 10));
        if (!status.configured()) {
            lines.add("There is no config yet, so these are the defaults. To create it:");
            lines.add("  mvn cache:init");
        }
        for (CacheStatus.Root root : status.roots()) {
            lines.add(root(root, status));
        }
        lines.add(row("total", ByteSize.format(status.bytes()), files(status.files()), ""));
        lines.add(budget(status));
        models(status, lines);
        return lines;
    }

    private static String root(CacheStatus.Root root, CacheStatus status) {
        String path = Plan.name(status.projectRoot(), root.path());
        return row(
                root.name(),
                root.exists() ? ByteSize.format(root.bytes()) : "-",
                root.exists() ? files(root.files()) : "not there",
                path);
    }

    private static String row(String name, String size, String files, String path) {
        String row = String.format(Locale.ROOT, "  %-12s %8s  %-13s %s", name, size, files, path);
        return shortened(row.stripTrailing(), WIDTH);
    }

    private static String files(long count) {
        return count + (count == 1 ? " file" : " files");
    }

    private static String budget(CacheStatus status) {
        double share = status.maxBytes() == 0 ? 1 : (double) status.bytes() / status.maxBytes();
        int filled = (int) Math.round(Math.min(1, share) * BAR);
        String bar = "#".repeat(filled) + ".".repeat(BAR - filled);
        String over = status.bytes() > status.maxBytes()
                ? ", over max_size"
                : status.bytes() > status.warnBytes() ? ", over warn_size" : "";
        return String.format(
                Locale.ROOT, "  [%s] %s of %s%s", bar, percent(share), ByteSize.format(status.maxBytes()), over);
    }

    private static String percent(double share) {
        return share > 0 && share < 0.01 ? "<1 %" : String.format(Locale.ROOT, "%.0f %%", Math.floor(share * 100));
    }

    private void models(CacheStatus status, List<String> lines) {
        if (status.models().isEmpty()) {
            lines.add("No models are declared. Name them in cache.models of the config.");
            return;
        }
        lines.add("Models");
        for (CacheStatus.Model model : status.models()) {
            lines.add(shortened("  " + model.model(), WIDTH));
            lines.add(shortened("    " + facts(model), WIDTH));
        }
    }

    private String facts(CacheStatus.Model model) {
        if (model.declared() && !model.locked()) {
            return "declared, not locked, not here: mvn cache:download";
        }
        List<String> facts = new ArrayList<>();
        facts.add(ByteSize.format(model.bytes()));
        facts.add(
                model.files() == model.expectedFiles()
                        ? files(model.files())
                        : model.files() + " of " + files(model.expectedFiles()) + " here: mvn cache:download");
        model.lastUsed().ifPresent(time -> facts.add("used " + LocalDate.ofInstant(time, zone)));
        facts.add(model.declared() ? "locked" : model.locked() ? "locked, no longer declared" : "not declared");
        return String.join(", ", facts);
    }

    private static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
