package io.github.modelcache.outdated;

import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prints the outdated models, and the command that pins their newest versions. */
public final class OutdatedText {

    private static final int SHORT = 7;

    private OutdatedText() {}

    /** The lines to print. */
    public static List<String> lines(List<CheckedModel> models) {
        List<String> lines = new ArrayList<>();
        List<CheckedModel> outdated = with(models, CheckedModel.State.OUTDATED);
        List<CheckedModel> unknown = with(models, CheckedModel.State.UNKNOWN);
        lines.add(models.size() + " locked: " + outdated.size() + " outdated, "
                + with(models, CheckedModel.State.CURRENT).size() + " up to date, " + unknown.size() + " unknown");
        outdated.forEach(model -> outdated(model, lines));
        unknown.forEach(model -> lines.add("  " + model.locked().version() + "  unknown: " + model.note()));
        if (!outdated.isEmpty()) {
            lines.add("To pin a newest version, or all of them with -Dcache.update=all:");
            lines.add("  mvn cache:lock \"-Dcache.update="
                    + outdated.get(0).locked().reference() + "\"");
        }
        return lines.stream().map(TextSanitizer::text).toList();
    }

    private static List<CheckedModel> with(List<CheckedModel> models, CheckedModel.State state) {
        return models.stream().filter(model -> model.state() == state).toList();
    }

    private static void outdated(CheckedModel model, List<String> lines) {
        ResolvedModel locked = model.locked();
        List<String> facts = new ArrayList<>();
        model.latest().ifPresent(latest -> {
            facts.add(shortened(locked.revision()) + " -> " + shortened(latest.revision()));
            latest.date()
                    .ifPresent(date ->
                            facts.add(LocalDate.ofInstant(date, ZoneOffset.UTC).toString()));
        });
        facts.add(
                model.bytes().map(bytes -> ByteSize.format(bytes) + " to fetch").orElse("size unknown"));
        Optional<String> license = model.latest().flatMap(LatestVersion::license);
        if (license.isPresent() && !license.equals(locked.license())) {
            facts.add("licence " + locked.license().orElse("none") + " -> " + license.get());
        } else {
            locked.license().ifPresent(name -> facts.add("licence " + name));
        }
        lines.add("  " + locked.version() + "  " + String.join(", ", facts));
    }

    private static String shortened(String revision) {
        return TorchHubRepository.isCommit(revision) ? revision.substring(0, SHORT) : revision;
    }
}
