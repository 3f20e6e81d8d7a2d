package io.github.modelcache.registry.image;

import java.util.ArrayList;
import java.util.List;

/**
 * Which files share a layer. A large file has a layer of its own; the small ones of a model share layers. The layers of a
 * model depend on its own files only, so that another model that changes does not change them.
 *
 * @param largeBytes a file of this size or more has a layer of its own
 */
record LayerPlan(long largeBytes) {

    /** More than engines that mount with overlayfs are sure to mount. */
    static final int MOST_LAYERS = 100;

    private static final long SMALLEST_LARGE_BYTES = 16L << 20;
    private static final long LARGEST_LARGE_BYTES = 1L << 50;
    /** The small files of a layer have at most so many times the size of a large one together. */
    private static final int GROUP = 64;

    LayerPlan {
        if (largeBytes < SMALLEST_LARGE_BYTES || largeBytes > LARGEST_LARGE_BYTES) {
            throw new IllegalArgumentException("large files of " + largeBytes + " bytes");
        }
    }

    /**
     * The plan with the most layers that an image may have.
     *
     * @throws IllegalArgumentException if there are more models than layers
     */
    static LayerPlan of(List<ImageModel> models) {
        if (models.size() > MOST_LAYERS) {
            throw new IllegalArgumentException(models.size() + " models don't fit into one image, because each needs a"
                    + " layer and engines mount at most " + MOST_LAYERS
                    + " layers for sure; push several images, with cache.push.models");
        }
        LayerPlan plan = new LayerPlan(SMALLEST_LARGE_BYTES);
        while (models.stream().mapToInt(plan::count).sum() > MOST_LAYERS) {
            plan = new LayerPlan(plan.largeBytes * 2);
        }
        return plan;
    }

    private int count(ImageModel model) {
        return layers(model).size();
    }

    /** The layers of a model: those of small files, then one for each large file. */
    List<ImageLayer> layers(ImageModel model) {
        List<ImageLayer> layers = new ArrayList<>();
        List<ImageModel.Entry> group = new ArrayList<>();
        long bytes = 0;
        for (ImageModel.Entry entry : model.files()) {
            long size = entry.file().size();
            if (size >= largeBytes) {
                continue;
            }
            if (bytes + size > largeBytes * GROUP) {
                layers.add(new ImageLayer(model, group));
                group.clear();
                bytes = 0;
            }
            group.add(entry);
            bytes += size;
        }
        if (!group.isEmpty()) {
            layers.add(new ImageLayer(model, group));
        }
        model.files().stream()
                .filter(entry -> entry.file().size() >= largeBytes)
                .forEach(entry -> layers.add(new ImageLayer(model, List.of(entry))));
        return layers;
    }
}
