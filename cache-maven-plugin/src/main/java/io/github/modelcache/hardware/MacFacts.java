package io.github.modelcache.hardware;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What macOS says of itself through {@code sysctl}.
 *
 * @param memory physical memory in bytes
 * @param chip the processor's name, such as {@code Apple M2 Pro}
 * @param translated whether this is an Intel program that Apple Silicon translates (Rosetta), which sees an Intel
 *     machine
 */
record MacFacts(OptionalLong memory, Optional<String> chip, boolean translated) {

    private static final String MEMORY = "hw.memsize";
    private static final String CHIP = "machdep.cpu.brand_string";
    private static final String TRANSLATED = "sysctl.proc_translated";

    static MacFacts ask(Probe<List<String>> commands) {
        // -i: an Intel machine does not know the last name, which is no error then.
        String answer =
                commands.ask(List.of("sysctl", "-i", MEMORY, CHIP, TRANSLATED)).orElse("");
        Map<String, String> values = values(answer);
        return new MacFacts(
                positive(values.get(MEMORY)),
                Optional.ofNullable(values.get(CHIP)).filter(chip -> !chip.isEmpty()),
                "1".equals(values.get(TRANSLATED)));
    }

    /** Lines are {@code name: value}. */
    private static Map<String, String> values(String answer) {
        Map<String, String> values = new HashMap<>();
        answer.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        });
        return values;
    }

    private static OptionalLong positive(@Nullable String digits) {
        return digits != null && digits.matches("[1-9]\\d{0,17}")
                ? OptionalLong.of(Long.parseLong(digits))
                : OptionalLong.empty();
    }
}
