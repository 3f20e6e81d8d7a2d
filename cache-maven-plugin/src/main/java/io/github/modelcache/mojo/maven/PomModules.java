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
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT && namesModule(reader.getLocalName())) {
                    add(folder, reader.getElementText().strip(), modules);
                }
            }
        } catch (IOException | XMLStreamException e) {
            return modules; // Maven reports the problem of a POM that it builds
        }
        return modules;
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
