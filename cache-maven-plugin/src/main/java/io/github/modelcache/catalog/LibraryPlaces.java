package io.github.modelcache.catalog;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.model.LibraryLayout;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelNames;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The files of the locked models where libraries look for them by their own names, as {@code layout} of a declaration
 * asks. They are hard links to the model's files, or copies on a disk without hard links.
 */
public final class LibraryPlaces {

    private static final int LARGEST_METADATA = 1 << 20;

    private final LibraryLocations locations;
    private final Map<Path, PlacedFile> files = new LinkedHashMap<>();
    private final Map<Path, ResolvedModel> units = new LinkedHashMap<>();
    private final Map<Path, ModelDeclaration> markers = new LinkedHashMap<>();

    /**
     * A file of a model at the place where a library looks for it.
     *
     * @param source the file of the model
     * @param path the file for the library
     */
    public record PlacedFile(ModelDeclaration declaration, ModelFile file, Path source, Path path) {}

    /**
     * A small file that a library expects besides.
     *
     * @param fixed whether its text has to be this one; otherwise the library may have written another
     */
    public record Note(ModelDeclaration declaration, Path path, String text, boolean fixed) {}

    /**
     * The places of a project's models.
     *
     * @throws IllegalArgumentException when two models need the same file, or a library can't find a model
     */
    public LibraryPlaces(CacheConfig config, Lock lock) {
        this.locations = new LibraryLocations(config);
        if (config.models().stream().allMatch(model -> model.form().layout().isEmpty())) {
            return;
        }
        Layouts layouts = new Layouts(config);
        ModelNames.of(config.models()).forEach((name, declaration) -> {
            Optional<ResolvedModel> model = lock.find(declaration);
            if (model.isPresent()) {
                declaration.form().layout().ifPresent(layout -> add(layout, name, declaration, model.get(), layouts));
            }
        });
    }

    private void add(
            LibraryLayout layout, String name, ModelDeclaration declaration, ResolvedModel model, Layouts layouts) {
        for (ModelFile file : model.files()) {
            Optional<Path> path = locations.path(layout, name, model, file);
            if (path.isPresent()) {
                Path source = layouts.of(model).file(model, file);
                add(new PlacedFile(declaration, file, source, path.get()));
                units.put(locations.unit(layout, model, path.get()), model);
            }
        }
        if (layout == LibraryLayout.OPENNLP) {
            units.putIfAbsent(locations.index(), model);
        }
        if (layout == LibraryLayout.JLAMA) {
            markers.put(LibraryLocations.jlama(locations.root(layout), model).resolve(".finished"), declaration);
        }
    }

    private void add(PlacedFile file) {
        PlacedFile other = files.putIfAbsent(file.path(), file);
        if (other != null && !other.file().digest().equals(file.file().digest())) {
            throw new IllegalArgumentException(other.declaration().version() + " and "
                    + file.declaration().version() + " would both be " + file.path()
                    + "; remove \"layout\" from one of them");
        }
    }

    /** The files that are links or copies. DJL's metadata is a {@link Note}. */
    public List<PlacedFile> files() {
        return files.values().stream()
                .filter(file -> !file.source().equals(file.path()) && !isMetadata(file))
                .toList();
    }

    /** The folders and files that {@code clean} deletes as a whole, with their models. */
    public Map<Path, ResolvedModel> units() {
        return Collections.unmodifiableMap(units);
    }

    /**
     * The small files besides; those that are made of a missing file are left out.
     *
     * @throws IOException when a file can't be read
     */
    public List<Note> notes() throws IOException {
        List<Note> notes = markers.entrySet().stream()
                .map(marker -> new Note(marker.getValue(), marker.getKey(), "", true))
                .collect(Collectors.toList());
        List<PlacedFile> opennlp = files.values().stream()
                .filter(file -> isOf(file, LibraryLayout.OPENNLP))
                .toList();
        if (!opennlp.isEmpty()) {
            notes.add(new Note(opennlp.get(0).declaration(), locations.index(), index(opennlp), true));
        }
        for (PlacedFile file : files.values()) {
            if (isMetadata(file) && Files.isRegularFile(file.source())) {
                notes.add(new Note(file.declaration(), file.path(), dated(file.source()), false));
            }
        }
        return notes;
    }

    private static boolean isOf(PlacedFile file, LibraryLayout layout) {
        return file.declaration().form().layout().equals(Optional.of(layout));
    }

    private static boolean isMetadata(PlacedFile file) {
        return isOf(file, LibraryLayout.DJL) && file.path().endsWith("metadata.json");
    }

    /** OpenNLP reads the names of the models that there are from the links of a page. */
    private static String index(List<PlacedFile> models) {
        return models.stream()
                .map(model -> String.valueOf(model.path().getFileName()))
                .sorted()
                .map(name -> "<a href=\"" + name + "\">" + name + "</a>\n")
                .collect(Collectors.joining());
    }

    /** DJL needs the time of its last look, which the zoo does not send; after this one it looks again when it may. */
    private static String dated(Path metadata) throws IOException {
        String text = RegularFile.text(metadata, LARGEST_METADATA);
        return text.contains("\"lastUpdated\"")
                ? text
                : text.replaceFirst("\\{", "{\n  \"lastUpdated\": \"1970-01-01T00:00:00.000Z\",");
    }
}
