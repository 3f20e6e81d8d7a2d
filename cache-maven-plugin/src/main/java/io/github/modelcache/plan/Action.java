package io.github.modelcache.plan;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.GroupPermissions;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** One change of the disk. */
public sealed interface Action {

    /** What it changes. */
    Path target();

    /** The bytes that it brings or frees; 0 where that is beside the point, -1 where only the run tells. */
    long bytes();

    /**
     * Makes the change.
     *
     * @return the bytes really brought or freed
     */
    long run() throws IOException;

    /** What it does, in the imperative, with {@code name} for its target. */
    String describe(String name);

    /**
     * Creates a folder and those above it.
     *
     * @param target the folder
     */
    record CreateDirectory(Path target) implements Action {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long run() throws IOException {
            GroupPermissions.createDirectories(target);
            return 0;
        }

        @Override
        public String describe(String name) {
            return "create " + name + "/";
        }
    }

    /**
     * Writes a small file in one step.
     *
     * @param target the file
     * @param purpose what for, as people read it
     * @param step writes it
     */
    record Write(Path target, String purpose, Step step) implements Action {

        /** Writes a text whose content is known when the plan is made. */
        public static Write text(Path target, String purpose, String text, Charset charset) {
            return new Write(target, purpose, () -> {
                AtomicFiles.write(target, text.getBytes(charset));
                return 0;
            });
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "write " + name + " (" + purpose + ")";
        }
    }

    /**
     * Brings the missing files of a model.
     *
     * @param target the model's folder
     * @param model its reference
     * @param bytes their size, or -1 when it is not known before
     * @param step brings them
     */
    record Fetch(Path target, String model, long bytes, Step step) implements Action {
        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "fetch " + model + " (" + (bytes < 0 ? "size not known yet" : ByteSize.format(bytes)) + ")";
        }
    }

    /**
     * Sends a model elsewhere; nothing on this disk changes.
     *
     * @param target the model's folder
     * @param model its reference
     * @param to where it goes, as people read it
     * @param bytes its size, in bytes
     * @param step sends it
     */
    record Push(Path target, String model, String to, long bytes, Step step) implements Action {
        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "push " + model + " (" + ByteSize.format(bytes) + ") to " + to;
        }
    }

    /**
     * Deletes a file, a link, or a folder that is empty by then.
     *
     * @param target the entry
     * @param bytes its size, in bytes
     * @param reason why it may go
     * @param step deletes it
     */
    record Delete(Path target, long bytes, String reason, Step step) implements Action {
        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "delete " + name + " (" + ByteSize.format(bytes) + ", " + reason + ")";
        }
    }

    /**
     * Takes files from one place to another; the old place is free afterwards.
     *
     * @param target where they will lie
     * @param source where they lie, as people read it
     * @param bytes their size
     * @param step moves them
     */
    record Move(Path target, String source, long bytes, Step step) implements Action {
        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "move " + source + " to " + name + " (" + ByteSize.format(bytes) + ")";
        }
    }

    /**
     * Brings files from another place, which stay there.
     *
     * @param target where they will lie too
     * @param source where they lie, as people read it
     * @param bytes their size
     * @param how what it costs: "hard links: no byte is copied"
     * @param step brings them
     */
    record Copy(Path target, String source, long bytes, String how, Step step) implements Action {
        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "bring " + source + " to " + name + " (" + ByteSize.format(bytes) + ", " + how + ")";
        }
    }

    /**
     * Makes a link.
     *
     * @param target the link
     * @param to what it leads to
     * @param step makes it
     */
    record Link(Path target, Path to, Step step) implements Action {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "make " + name + " a link to " + to;
        }
    }

    /**
     * Fills a folder by other programs.
     *
     * @param target the folder
     * @param purpose what for, as people read it
     * @param step runs them
     */
    record Install(Path target, String purpose, Step step) implements Action {
        @Override
        public long bytes() {
            return -1;
        }

        @Override
        public long run() throws IOException {
            return step.run();
        }

        @Override
        public String describe(String name) {
            return "create " + name + "/ (" + purpose + ")";
        }
    }

    /** How an action is done where that takes more than a line. */
    @FunctionalInterface
    interface Step {
        /** Returns the bytes really brought or freed. */
        long run() throws IOException;
    }
}
