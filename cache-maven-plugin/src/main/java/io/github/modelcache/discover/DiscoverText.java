package io.github.modelcache.discover;

import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Prints what was discovered: the models by their use, the old caches, and the next commands. */
public final class DiscoverText {

    private static final Map<Use, String> TITLES = new EnumMap<>(Map.of(
            Use.DEFAULT, "Loaded by the program",
            Use.CHOICE, "Chosen by users of the program",
            Use.TEST, "Loaded by tests",
            Use.EXAMPLE, "In examples and comments"));

    private static final int MOST_UNREADABLE = 5;

    private final Path root;
    private final int limit;

    /**
     * Prepares the text.
     *
     * @param root the project's folder
     * @param limit the number of models to list for each use; 0 lists all
     */
    public DiscoverText(Path root, int limit) {
        this.root = root;
        this.limit = limit;
    }

    /** The lines to print. */
    public List<String> lines(Discovery.Result result) {
        List<String> lines = new ArrayList<>();
        long declared =
                result.models().stream().filter(DiscoveredModel::declared).count();
        lines.add(count(result.models().size(), "model") + " in " + count(result.files(), "file") + " of " + root
                + (declared > 0 ? ", " + declared + " declared" : ""));
        for (Use use : Use.values()) {
            section(
                    use,
                    result.models().stream()
                            .filter(model -> model.best().use() == use)
                            .toList(),
                    lines);
        }
        caches(result, lines);
        unreadable(result, lines);
        next(result, lines);
        return lines.stream().map(TextSanitizer::text).toList();
    }

    private void section(Use use, List<DiscoveredModel> models, List<String> lines) {
        if (models.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(TITLES.get(use) + " (" + models.size() + ")");
        int listed = limit == 0 ? models.size() : Math.min(limit, models.size());
        models.subList(0, listed).forEach(model -> model(model, lines));
        if (listed < models.size()) {
            lines.add("  " + (models.size() - listed) + " more; -Dcache.limit=0 lists all of them");
        }
    }

    private static void model(DiscoveredModel model, List<String> lines) {
        Mention best = model.best();
        String state = model.declared() ? "declared" : best.certainty().id();
        String cached = model.cachedBytes() > 0 ? ", " + ByteSize.format(model.cachedBytes()) + " in old caches" : "";
        lines.add("  " + JsonWriter.line(model.entry()) + "  " + state + cached);
        String place = best.line() == 0 ? best.file() : best.file() + ":" + best.line();
        int others = model.mentions().size() - 1;
        lines.add("    " + place + " (" + best.how() + ")" + (others > 0 ? " and " + count(others, "more place") : ""));
    }

    private void caches(Discovery.Result result, List<String> lines) {
        List<OldCaches.Place> places = result.caches().places();
        if (places.isEmpty()) {
            return;
        }
        long bytes = places.stream().mapToLong(OldCaches.Place::bytes).sum();
        lines.add("");
        lines.add("Old caches: " + ByteSize.format(bytes) + " in " + count(places.size(), "place"));
        for (OldCaches.Place place : places) {
            lines.add("  " + ByteSize.format(place.bytes()) + "  "
                    + Plan.name(root, place.cache().path()) + ", "
                    + count(place.models().size(), "model") + ", "
                    + named(place, result) + " named by the sources");
        }
    }

    private static long named(OldCaches.Place place, Discovery.Result result) {
        return result.models().stream()
                .filter(model -> model.best().line() > 0 && place.models().containsKey(model.model()))
                .count();
    }

    private void unreadable(Discovery.Result result, List<String> lines) {
        List<Path> paths = result.unreadable();
        if (!paths.isEmpty()) {
            lines.add("");
            lines.add("Not readable, so not searched: " + count(paths.size(), "file or folder"));
            paths.stream().limit(MOST_UNREADABLE).forEach(path -> lines.add("  " + Plan.name(root, path)));
        }
    }

    private static void next(Discovery.Result result, List<String> lines) {
        int sure = result.toDeclare().size();
        boolean left = result.models().stream().anyMatch(model -> !model.declared());
        lines.add("");
        if (sure > 0) {
            lines.add("To declare the " + (sure == 1 ? "model" : sure + " models")
                    + " that the program certainly loads:");
            lines.add("  mvn cache:discover -Dcache.discover.write=true");
        } else if (left) {
            lines.add("No undeclared model is certain. Add the entries that you want to cache.models of the config.");
        } else {
            lines.add(result.models().isEmpty() ? "No model was found." : "All models are declared.");
        }
        if (!result.caches().places().isEmpty()) {
            lines.add("To import the declared models from the old caches, then pin them:");
            lines.add("  mvn cache:migrate");
            lines.add("  mvn cache:lock");
        } else if (!result.models().isEmpty()) {
            lines.add("To pin the declared models:");
            lines.add("  mvn cache:lock");
        }
    }

    private static String count(long number, String what) {
        String plural = what.equals("file or folder") ? "files or folders" : what + "s";
        return number + " " + (number == 1 ? what : plural);
    }
}
