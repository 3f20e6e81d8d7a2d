package io.github.modelcache.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides a rectangle into tiles whose areas are proportional to sizes and whose shapes are close to squares.
 *
 * @see <a href="https://vanwijk.win.tue.nl/stm.pdf">Bruls, Huizing, van Wijk: Squarified Treemaps</a>
 */
final class Treemap {

    private Treemap() {}

    /** The place of one size. */
    record Tile(double x, double y, double width, double height) {}

    /**
     * Lays out sizes.
     *
     * @param sizes above zero, largest first
     * @return as many tiles, in the same order
     */
    static List<Tile> layout(List<Long> sizes, double width, double height) {
        double total = sizes.stream().mapToDouble(Long::doubleValue).sum();
        List<Double> areas =
                sizes.stream().map(size -> size / total * width * height).toList();
        List<Tile> tiles = new ArrayList<>();
        Tile free = new Tile(0, 0, width, height);
        int next = 0;
        while (next < areas.size()) {
            double side = Math.min(free.width(), free.height());
            int end = next + 1;
            double sum = areas.get(next);
            double worst = worst(areas.get(next), areas.get(next), sum, side);
            while (end < areas.size()) {
                double longer = sum + areas.get(end);
                double ratio = worst(areas.get(next), areas.get(end), longer, side);
                if (ratio > worst) {
                    break;
                }
                sum = longer;
                worst = ratio;
                end++;
            }
            free = place(areas.subList(next, end), sum, free, tiles);
            next = end;
        }
        return tiles;
    }

    /** The largest ratio of sides in a row of tiles along a side. */
    private static double worst(double largest, double smallest, double sum, double side) {
        double square = side * side;
        return Math.max(square * largest / (sum * sum), sum * sum / (square * smallest));
    }

    /** Places a row along the shorter side, and returns what is left. */
    private static Tile place(List<Double> row, double sum, Tile free, List<Tile> tiles) {
        boolean upright = free.width() >= free.height();
        double side = upright ? free.height() : free.width();
        double depth = side == 0 ? 0 : sum / side;
        double along = upright ? free.y() : free.x();
        for (double area : row) {
            double length = depth == 0 ? 0 : area / depth;
            tiles.add(upright ? new Tile(free.x(), along, depth, length) : new Tile(along, free.y(), length, depth));
            along += length;
        }
        return upright
                ? new Tile(free.x() + depth, free.y(), Math.max(0, free.width() - depth), free.height())
                : new Tile(free.x(), free.y() + depth, free.width(), Math.max(0, free.height() - depth));
    }
}
