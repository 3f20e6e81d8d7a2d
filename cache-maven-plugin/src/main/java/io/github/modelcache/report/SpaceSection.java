package io.github.modelcache.report;

import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The treemap of what weighs how much. */
final class SpaceSection {

    private static final int MOST_TILES = 60;
    private static final String REST = "rest";
    private static final int SHORTEST_LABEL = 5;
    private static final double COLUMN = 7.9;
    private static final Set<String> COLOURED = Set.of("hf", "torch", "torchhub", "whisper", "spacy", "maven", "url");

    private final Html html;
    private final ReportData data;

    SpaceSection(Html html, ReportData data) {
        this.html = html;
        this.data = data;
    }

    /** One tile's content. */
    private record Weight(String label, String name, String colour, long bytes) {}

    void write() {
        List<Weight> weights = weights();
        html.raw("<section aria-labelledby=space><h2 id=space>What takes the space</h2>");
        if (weights.isEmpty()) {
            html.raw("<p class=quiet>The caches are empty.</p></section>");
            return;
        }
        svg(weights, "wide", 1000, 420);
        svg(weights, "narrow", 380, 520);
        legend(weights);
        html.raw("</section>");
    }

    private List<Weight> weights() {
        List<ReportData.Model> models =
                data.models().stream().filter(model -> model.bytes() > 0).toList();
        List<Weight> weights = new ArrayList<>();
        for (ReportData.Model model : models.subList(0, Math.min(MOST_TILES, models.size()))) {
            String reference = TextSanitizer.text(model.reference());
            String label = reference.substring(reference.lastIndexOf('/') + 1);
            weights.add(new Weight(label.isEmpty() ? reference : label, reference, colour(model), model.bytes()));
        }
        List<ReportData.Model> rest = models.subList(weights.size(), models.size());
        long restBytes = rest.stream().mapToLong(ReportData.Model::bytes).sum();
        if (restBytes > 0) {
            String name = rest.size() + (rest.size() == 1 ? " other model" : " other models");
            weights.add(new Weight(name, name, REST, restBytes));
        }
        long known = models.stream().mapToLong(ReportData.Model::bytes).sum();
        if (data.bytes() > known) {
            weights.add(new Weight("other files", "Files of no known model", REST, data.bytes() - known));
        }
        weights.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
        return weights;
    }

    private static String colour(ReportData.Model model) {
        return COLOURED.contains(model.family()) ? model.family() : REST;
    }

    private void svg(List<Weight> weights, String form, int width, int height) {
        List<Treemap.Tile> tiles =
                Treemap.layout(weights.stream().map(Weight::bytes).toList(), width, height);
        html.raw("<svg class=\"map " + form + "\" viewBox=\"0 0 " + width + " " + height + "\" role=img aria-label=\"")
                .text("Treemap of " + weights.size() + " parts; the largest is "
                        + weights.get(0).name() + " with "
                        + ByteSize.format(weights.get(0).bytes()) + ". The table of models has all sizes.")
                .raw("\">");
        for (int i = 0; i < tiles.size(); i++) {
            tile(weights.get(i), tiles.get(i));
        }
        html.raw("</svg>");
    }

    private void tile(Weight weight, Treemap.Tile tile) {
        double width = Math.max(0.5, tile.width() - 2);
        double height = Math.max(0.5, tile.height() - 2);
        html.raw("<g class=c-" + weight.colour() + "><title>")
                .text(weight.name() + ", " + ByteSize.format(weight.bytes()) + " (" + share(weight.bytes()) + ")")
                .raw("</title><rect x=")
                .number(tile.x() + 1)
                .raw(" y=")
                .number(tile.y() + 1);
        html.raw(" width=").number(width).raw(" height=").number(height).raw(" rx=3 />");
        int columns = (int) ((width - 14) / COLUMN);
        if (columns >= SHORTEST_LABEL && height >= 26) {
            label("t", shortened(weight.label(), columns), tile, 19);
            String size = ByteSize.format(weight.bytes());
            if (height >= 44 && size.length() <= columns) {
                label("s", size, tile, 36);
            }
        }
        html.raw("</g>");
    }

    private void label(String style, String text, Treemap.Tile tile, int below) {
        html.raw("<text class=" + style + " x=").number(tile.x() + 8).raw(" y=").number(tile.y() + below);
        html.raw(" >").text(text).raw("</text>");
    }

    private void legend(List<Weight> weights) {
        Set<String> colours = new TreeSet<>(
                Comparator.comparing((String colour) -> colour.equals(REST)).thenComparing(Comparator.naturalOrder()));
        weights.forEach(weight -> colours.add(weight.colour()));
        html.raw("<ul class=legend>");
        for (String colour : colours) {
            html.raw("<li class=c-" + colour
                            + "><svg aria-hidden=true viewBox=\"0 0 10 10\"><rect width=10 height=10 rx=2 />"
                            + "</svg> ")
                    .text(colour.equals(REST) ? "other" : colour)
                    .raw("</li>");
        }
        html.raw("</ul>");
    }

    private String share(long bytes) {
        double percent = data.bytes() == 0 ? 0 : bytes * 100.0 / data.bytes();
        return percent > 0 && percent < 1 ? "<1 %" : String.format(Locale.ROOT, "%.0f %%", percent);
    }

    private static String shortened(String text, int columns) {
        if (text.codePoints().map(SpaceSection::columns).sum() <= columns) {
            return text;
        }
        int end = 0;
        int width = columns(text.codePointAt(0));
        while (width < columns) {
            end += Character.charCount(text.codePointAt(end));
            width += columns(text.codePointAt(end));
        }
        return text.substring(0, end) + "…";
    }

    /** Chinese, Japanese, Korean characters and emoji are wide. */
    private static int columns(int codePoint) {
        return codePoint < 0x1100 ? 1 : 2;
    }
}
