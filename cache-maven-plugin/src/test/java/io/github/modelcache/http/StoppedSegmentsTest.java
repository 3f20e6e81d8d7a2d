package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.modelcache.http.TransferException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A download in segments that was stopped, and the next run. */
class StoppedSegmentsTest extends SegmentedDownloadSetUp {
    @Test
    void leavesWhatArrivedAndTheNextAsksOnlyForTheRest() throws Exception {
        server.on("/m", asked -> {
            if (asked.number() > 9) {
                asked.status(404);
            } else {
                asked.honest(V1);
            }
        });
        TransferException failure = catchThrowableOfType(TransferException.class, this::fetch);
        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        server.on("/n", asked -> asked.honest(V1));
        TransferResult arrived = transfer(4).fetch(server.uri("/n"), partial, digested(), TransferProgress.NONE);
        requireWhole();
        assertThat(arrived.bytesReceived()).isEqualTo(content.length - 9L * SEGMENT);
        assertThat(server.requests("/n")).hasSize(SEGMENTS - 9);
    }

    @Test
    void byAKillIsContinuedFromItsNote() throws Exception {
        leave(List.of(range(0, 2), range(5, 6), range(8, SEGMENTS)));
        fetch();
        assertThat(bytesAskedFor()).isEqualTo(5L * SEGMENT);
    }

    @Test
    void withoutADigestIsContinuedOnlyForTheSameVersion() throws Exception {
        leave(List.of(range(2, 4), range(8, 9)));
        server.on("/m", asked -> {
            if (asked.header("If-Range").isEmpty() || asked.header("If-Range").equals("\"v2\"")) {
                asked.honest("ETag: \"v2\"", RANGES);
            } else {
                asked.whole("ETag: \"v2\"", RANGES);
            }
        });
        transfer(4).fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE);
        requireWhole();
    }

    @Test
    void withoutADigestAsksOnlyForTheRestOfTheSameVersion() throws Exception {
        leave(List.of(range(2, 4), range(8, 9)));
        server.on("/m", asked -> asked.honest(V1, RANGES));
        transfer(4).fetch(server.uri("/m"), partial, ExpectedContent.NONE, TransferProgress.NONE);
        requireWhole();
        assertThat(bytesAskedFor()).isEqualTo(content.length - 3L * SEGMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-", "5-3", "0-99999999999", "0-10,5-20", "a-b", "0-65536,", "-"})
    void withANoteThatCannotBeRightBeginsAnew(String ranges) throws Exception {
        leave(List.of(range(0, 2)));
        Path note = PartialFile.sidecar(partial);
        List<String> lines = new ArrayList<>(Files.readAllLines(note));
        lines.set(3, ranges);
        Files.write(note, lines);
        fetch();
        assertThat(bytesAskedFor()).isEqualTo(content.length);
    }

    @Test
    void whoseNoteIsGoneIsFoundWrongByTheDigest() throws Exception {
        leave(List.of(range(0, 2), range(5, SEGMENTS)));
        Files.delete(PartialFile.sidecar(partial));
        fetch();
    }

    @Test
    void isContinuedOverOneConnectionWhereRangesAreNoLongerSent() throws Exception {
        leave(List.of(range(0, 2), range(5, 6)));
        server.on("/m", asked -> {
            if (asked.header("Range").matches("bytes=\\d+-\\d+")) {
                asked.status(416);
            } else {
                asked.honest(V1);
            }
        });
        fetch();
        assertThat(server.requests("/m")).hasSize(2);
        assertThat(server.requests("/m").get(1).from()).isEqualTo(2 * SEGMENT);
    }

    private Segments.Range range(int from, int to) {
        return new Segments.Range((long) from * SEGMENT, Math.min(content.length, (long) to * SEGMENT));
    }

    private void leave(List<Segments.Range> ranges) throws IOException {
        byte[] left = new byte[(int) ranges.get(ranges.size() - 1).to()];
        for (Segments.Range range : ranges) {
            System.arraycopy(content, (int) range.from(), left, (int) range.from(), (int) (range.to() - range.from()));
        }
        Files.write(partial, left);
        new PartialNote(Optional.of("\"v1\""), Optional.of(ranges))
                .write(PartialFile.sidecar(partial), server.uri("/m"));
    }
}
