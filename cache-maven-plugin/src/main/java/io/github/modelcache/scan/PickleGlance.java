package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Members;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashSet;
import java.util.regex.Pattern;

/** A first look at what may be a pickle, without a look into what lies in it. */
final class PickleGlance {
    /** A module, whose file may have a hyphen in its name, and what it defines. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*(\\.[\\p{L}_][\\p{L}\\p{N}_-]*)+");

    private static final PickleCalls.Nested NOTHING = new PickleCalls.Nested() {
        @Override
        public boolean bytes(ByteReader in, long length) throws IOException {
            in.skip(length);
            return false;
        }

        @Override
        public boolean text(ByteReader in, long length) throws IOException {
            return bytes(in, length);
        }

        @Override
        public void encoded(ByteReader in, long length) {
            // too little to tell
        }

        @Override
        public void array(ByteReader in, Members description, PickleCalls calls) throws IOException {
            throw new PickleException.TooComplex("an array is no pickle");
        }
    };

    private final AllowedNames allowed;

    PickleGlance(AllowedNames allowed) {
        this.allowed = allowed;
    }

    /** Whether it would import something that has a name, as numbers seldom do by chance. */
    static boolean imports(PickleCalls calls) {
        return calls.forbidden().keySet().stream().anyMatch(PickleGlance::isName);
    }

    /** Whether Python can import this, as it seldom can what numbers and texts spell by chance. */
    static boolean isName(String dotted) {
        return NAME.matcher(dotted).matches();
    }

    /** Whether some bytes behind a header are followed by an import, or are as many as asked for and hold no error. */
    boolean mayImport(byte[] window, int whole) throws IOException {
        PickleCalls calls = new PickleCalls(allowed, NOTHING);
        try {
            run(new ByteReader(new ByteArrayInputStream(window, 1, window.length - 1), window.length, 0), calls);
            return imports(calls);
        } catch (PickleException e) {
            return imports(calls);
        } catch (EOFException e) {
            return imports(calls) || window.length == whole;
        }
    }

    /** Whether Python would load a pickle from here, or run code before that fails. */
    boolean isLoaded(ByteReader in) throws IOException {
        PickleCalls calls = new PickleCalls(allowed, NOTHING);
        try (in) {
            run(in, calls);
            return true;
        } catch (PickleException.TooComplex | PickleException.NotKept e) {
            return true;
        } catch (PickleException | EOFException e) {
            return imports(calls);
        }
    }

    private static void run(ByteReader in, PickleCalls calls) throws IOException {
        new PickleMachine(in, calls, new PickleMemo(new HashSet<>())).run();
    }
}
