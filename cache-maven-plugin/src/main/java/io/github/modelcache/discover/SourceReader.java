package io.github.modelcache.discover;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds the models in one file of a project. Thread-safe. */
final class SourceReader {

    /** A longer file is data, not a source. */
    private static final int LARGEST = 2 << 20;

    private final ModelNaming naming;
    private final CodeReader code;
    private final SettingFiles settings;
    private final ShellReader shell;
    private final WordFilter words;
    private final OpenNames open;

    /** {@code isFolder} tells whether a relative path exists in the project. */
    SourceReader(Predicate<String> isFolder) {
        KnownCalls calls = KnownCalls.read();
        this.words = new WordFilter(calls.words());
        this.naming = new ModelNaming(isFolder);
        SettingReader reader = new SettingReader(naming);
        this.shell = new ShellReader(naming, reader);
        this.code = new CodeReader(words, new CodeReader.Tools(calls, naming, reader, shell));
        this.settings = new SettingFiles(reader);
        this.open = new OpenNames(naming);
    }

    /**
     * Finds the models that a file mentions.
     *
     * @param name relative to the project's root folder
     * @throws IOException if it can't be read
     */
    List<Mention> read(Path file, String name, FileType type) throws IOException {
        List<Mention> mentions = new ArrayList<>();
        Findings findings = new Findings(mentions, name);
        read(file, type, findings);
        synchronized (open) {
            findings.to(open);
        }
        return mentions;
    }

    /** Call this after all files were read. Adds the models whose names one file defines and another one uses. */
    void complete(List<Mention> mentions) {
        synchronized (open) {
            open.complete(mentions);
        }
    }

    private void read(Path file, FileType type, Findings findings) throws IOException {
        if (type == FileType.NOTEBOOK) {
            try (InputStream in = RegularFile.stream(file)) {
                notebook(NotebookReader.read(in), findings);
            }
            return;
        }
        byte[] bytes;
        try (InputStream in = RegularFile.stream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        boolean source = bytes.length <= LARGEST && !isBinary(bytes) && words.mayName(bytes, type);
        if (source) {
            read(bytes, type, findings);
        }
    }

    private void read(byte[] bytes, FileType type, Findings findings) {
        String text = new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
        if (type == FileType.JSON) {
            settings.json(bytes, findings.inConfig(text));
            return;
        }
        switch (type) {
            case PYTHON -> code.python(text, findings);
            case JAVA -> code.java(text, findings);
            case YAML -> {
                settings.yaml(text, findings.inConfig(text));
                shell.read(text, findings);
            }
            case ASSIGNMENTS -> settings.assignments(text, findings);
            case XML -> settings.xml(text, findings);
            default -> shell.read(text, findings);
        }
    }

    private void notebook(NotebookReader.Code notebook, Findings findings) {
        code.python(notebook.python(), findings.atLines(notebook.lines()));
        StringBuilder written = new StringBuilder();
        notebook.settings().forEach(line -> written.append(line.text()).append('\n'));
        List<Integer> lines =
                notebook.settings().stream().map(NotebookReader.Command::line).toList();
        settings.assignments(written.toString(), findings.atLines(lines));
        notebook.commands().forEach(command -> shell.line(command.text(), command.line(), findings));
    }

    private static boolean isBinary(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, 4096); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
