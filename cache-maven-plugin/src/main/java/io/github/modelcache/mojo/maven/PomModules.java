package io.github.modelcache.mojo.maven;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The module folders in POMs on the disk, including profiles. The session does not know the aggregator of a single module.
 * Not thread-safe.
 */
final class PomModules {

    private static final String POM = "pom.xml";

    /** Maven 4 takes the subfolders with a POM for modules of such a model if it has packaging pom and names none. */
    private static final String DISCOVERING = "http://maven.apache.org/POM/4.1.0";

    /** The depth at which elements of {@code project} begin. */
    private static final int IN_PROJECT = 1;

    private static final XMLInputFactory XML = xml();

    private final Map<Path, Set<Path>> byFolder = new HashMap<>();

    private static XMLInputFactory xml() {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** The modules in the POM of a folder; empty without a readable POM. */
    Set<Path> of(Path folder) {
        Set<Path> known = byFolder.get(folder);
        if (known == null) {
            known = read(folder);
            byFolder.put(folder, known);
        }
        return known;
    }

    /** The modules of a folder, their modules, and so on. */
    Set<Path> allOf(Path folder) {
        Set<Path> all = new LinkedHashSet<>();
        add(folder, all);
        return all;
    }

    private void add(Path folder, Set<Path> all) {
        for (Path module : of(folder)) {
            if (all.add(module)) {
                add(module, all);
            }
        }
    }

    private static Set<Path> read(Path folder) {
        Path pom = folder.resolve(POM);
        Set<Path> modules = new LinkedHashSet<>();
        if (!Files.isRegularFile(pom)) {
            return modules;
        }
        try (InputStream in = RegularFile.stream(pom)) {
            XMLStreamReader reader = XML.createXMLStreamReader(in);
            boolean discovers = false;
            boolean named = false;
            int depth = 0;
            while (reader.hasNext()) {
                int event = reader.next();
                depth -= event == XMLStreamConstants.END_ELEMENT ? 1 : 0;
                if (event != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                String element = reader.getLocalName();
                if (namesModule(element)) {
                    add(folder, reader.getElementText().strip(), modules); // up to its end
                } else if (depth == IN_PROJECT && element.equals("packaging")) {
                    boolean newest = DISCOVERING.equals(reader.getNamespaceURI());
                    discovers = reader.getElementText().strip().equals("pom") && newest;
                } else {
                    named |= depth == IN_PROJECT && (element.equals("modules") || element.equals("subprojects"));
                    depth++;
                }
            }
            if (discovers && !named) {
                addSubfolders(folder, modules);
            }
        } catch (IOException | XMLStreamException e) {
            return modules; // Maven reports the problem of a POM that it builds
        }
        return modules;
    }

    private static void addSubfolders(Path folder, Set<Path> modules) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(module -> Files.isRegularFile(module.resolve(POM))).forEach(modules::add);
        }
    }

    private static boolean namesModule(String element) {
        return element.equals("module") || element.equals("subproject");
    }

    /** A module is a folder or a POM file. */
    private static void add(Path folder, String name, Set<Path> modules) {
        try {
            Path named = folder.resolve(name.replace('\\', '/')).normalize();
            Path parent = named.getParent();
            if (Files.isDirectory(named)) {
                modules.add(named);
            } else if (parent != null && Files.isRegularFile(named)) {
                modules.add(parent);
            }
        } catch (InvalidPathException e) {
            return; // an uninterpolated property
        }
    }
}
