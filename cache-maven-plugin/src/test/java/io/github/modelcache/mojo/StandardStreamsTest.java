package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class StandardStreamsTest {

    /** What Jansi puts in the place of standard output, as far as it matters here. */
    public static final class Resetting extends PrintStream {

        private boolean resets = true;

        Resetting() {
            super(OutputStream.nullOutputStream(), true);
        }

        /** As Jansi calls it. */
        public void setResetAtUninstall(boolean reset) {
            resets = reset;
        }
    }

    @Test
    void noEscapeSequenceFollowsTheOutput() {
        Resetting stream = new Resetting();
        assertThat(StandardStreams.withoutReset(stream)).isSameAs(stream);
        assertThat(stream.resets).isFalse();
    }

    @Test
    void anyOtherStreamIsTakenAsItIs() {
        PrintStream plain = new PrintStream(OutputStream.nullOutputStream(), true);
        assertThat(StandardStreams.withoutReset(plain)).isSameAs(plain);
    }
}
