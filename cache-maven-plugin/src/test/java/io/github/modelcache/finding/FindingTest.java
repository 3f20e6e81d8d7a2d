package io.github.modelcache.finding;

import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.RecordEquality;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {

    private static final ModelReference MODEL = ModelReference.parse("hf:a/b");

    @Test
    void findingsAreEqualByAllTheyHold() {
        Finding one = finding(FindingId.MODEL_CORRUPT, "wrong", "mend it");
        RecordEquality.require(
                one,
                finding(FindingId.MODEL_CORRUPT, "wrong", "mend it"),
                List.of(
                        finding(FindingId.MODEL_MISSING, "wrong", "mend it"),
                        one.as(Severity.INFO),
                        one.about(ModelReference.parse("hf:a/c")),
                        one.at(Path.of("elsewhere")),
                        one.comparing("two", "another"),
                        one.comparing("one", "third"),
                        finding(FindingId.MODEL_CORRUPT, "bad", "mend it"),
                        finding(FindingId.MODEL_CORRUPT, "wrong", "delete it")));
    }

    private static Finding finding(FindingId id, String message, String fix) {
        return Finding.of(id, message, fix)
                .as(Severity.ERROR)
                .about(MODEL)
                .at(Path.of("here"))
                .comparing("one", "another");
    }
}
