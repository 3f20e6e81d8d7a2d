package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.ScanAssertions.assertUnsafe;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weights without a format of their own, such as {@code params_shard_0.bin} of MLC and the files of ncnn and OpenVINO,
 * start with any bytes. Each start here is one that a format has, too.
 */
class RawNumbersTest {

    private static final int FILES = 300;
    private static final int BYTES = 2000;

    private final Random random = new Random(11);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#!",
                "MZ",
                "MZ\0\0",
                "c",
                "Kpc",
                "(i",
                "\u001f\u008b\1",
                "\u0082b.",
                "\u0083r\u0081.",
                "\u0084\1\2\3\0.",
                "\u0080\2\u0082\u00fd\u00ca\u00fc"
            })
    void areFine(String start) throws IOException {
        for (int i = 0; i < FILES; i++) {
            byte[] content = concat(bytes(start), numbers(i % 4));
            assertThat(Samples.scan(content, "params_shard_" + i + ".bin").issues())
                    .as(start)
                    .isEmpty();
        }
    }

    @Test
    void pickleWithoutAHeaderIsUnsafeAllTheSame() throws IOException {
        assertUnsafe(bytes("cposix\nsystem\n)R."), "it would call posix.system");
        assertUnsafe("cmódulo.naïve\nrun\n.".getBytes(StandardCharsets.UTF_8), "it would import módulo.naïve.run");
        assertUnsafe(bytes("\u0080\2\u0082\7)R."), "it would call extension 7 of copyreg");
    }

    @Test
    void scriptWithAnInterpreterIsUnsafe() throws IOException {
        assertUnsafe(concat(bytes("#! /bin/sh\nrm -r x\n"), numbers(0)), "it is a script that a shell runs");
        assertUnsafe(concat(bytes("#!bin/x -e\n"), numbers(0)), "it is a script that a shell runs");
    }

    @Test
    void windowsProgramIsUnsafeWhereverItsHeaderIs() throws IOException {
        byte[] content = concat(bytes("MZ"), new byte[5000], bytes("PE\0\0d\u0086"), new byte[100]);
        content[60] = (byte) 0x8a;
        content[61] = 0x13;
        assertUnsafe(content, "it is a program");
    }

    private byte[] numbers(int kind) {
        ByteBuffer numbers = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (numbers.hasRemaining()) {
            switch (kind) {
                case 0 -> numbers.putInt(random.nextInt());
                case 1 -> numbers.putFloat((float) (random.nextGaussian() * 0.05));
                case 2 -> numbers.putInt(random.nextInt(50_000));
                default -> numbers.putShort((short) (random.nextGaussian() * 1000));
            }
        }
        return numbers.array();
    }
}
