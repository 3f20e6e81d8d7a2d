package io.github.modelcache.plan;

import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.GroupPermissions;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** One change of the disk. Sizes are in bytes. */
public sealed interface Action {

    /** The file or folder that it changes. */
    Path target();

    /** Makes the change. */
    Step step();

    /** The bytes that it fetches, sends, moves or deletes; 0 if it has no size, -1 if the size is unknown before the run. */
    default long bytes() {
        return 0;
    }

    /** Makes the change, and returns the bytes that it really fetched or freed. */
    default long run() throws IOException {
        return step().run();
    }

    /** The change in the imperative, with {@code name} for its target. */
    String describe(String name);

    /** Creates a folder and its missing parents. */
    record CreateDirectory(Path target) implements Action {
        @Override
        public Step step() {
            return () -> {
                GroupPermissions.createDirectories(target);
                return 0;
            };
        }

        @Override
        public String describe(String name) {
            return "create " + name + "/";
        }
    }

    /** Writes a small file. */
    record Write(Path target, String purpose, Step step) implements Action {

        /** Writes a text that is known when the plan is made. */
        public static Write text(Path target, String purpose, String text, Charset charset) {
            return new Write(target, purpose, () -> {
                AtomicFiles.write(target, text.getBytes(charset));
                return 0;
            });
        }

        @Override
        public String describe(String name) {
            return "write " + name + " (" + purpose + ")";
        }
    }

    /** Fetches the missing files of a model into its folder. */
    record Fetch(Path target, String model, long bytes, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "fetch " + model + " (" + (bytes < 0 ? "size not known yet" : ByteSize.format(bytes)) + ")";
        }
    }

    /** Sends a model to a registry. */
    record Push(Path target, String model, String to, long bytes, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "push " + model + " (" + ByteSize.format(bytes) + ") to " + to;
        }
    }

    /** Deletes a file, a link, or a folder. */
    record Delete(Path target, long bytes, String reason, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "delete " + name + " (" + ByteSize.format(bytes) + ", " + reason + ")";
        }
    }

    /** Moves files from {@code source}. */
    record Move(Path target, String source, long bytes, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "move " + source + " to " + name + " (" + ByteSize.format(bytes) + ")";
        }
    }

    /** Copies files from {@code source}, which keeps them; {@code how} says how, such as "hard links". */
    record Copy(Path target, String source, long bytes, String how, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "copy " + source + " to " + name + " (" + ByteSize.format(bytes) + ", " + how + ")";
        }
    }

    /** Creates a symbolic link. */
    record Link(Path target, Path to, Step step) implements Action {
        @Override
        public String describe(String name) {
            return "make " + name + " a link to " + to;
        }
    }

    /** Runs other programs that fill a folder. */
    record Install(Path target, String purpose, Step step) implements Action {
        @Override
        public long bytes() {
            return -1;
        }

        @Override
        public String describe(String name) {
            return "create " + name + "/ (" + purpose + ")";
        }
    }

    /** How an action is done. */
    @FunctionalInterface
    interface Step {
        /** Returns the bytes that it really fetched or freed. */
        long run() throws IOException;
    }
}
