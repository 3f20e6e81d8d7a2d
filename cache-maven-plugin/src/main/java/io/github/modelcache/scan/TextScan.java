package io.github.modelcache.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Text: JSON, YAML that names Python objects, templates. */
final class TextScan {
    private static final Pattern PYTHON_TAG =
            Pattern.compile("^[^#]*?(^|[:\\-\\[,{]\\s*)!(!|<tag:yaml\\.org,2002:)python/.*");
    private static final Pattern TEMPLATE_NAME =
            Pattern.compile("(?i).*(\\.jinja2?|\\.j2|\\.template|chat_template[^/]*)");
    private static final Pattern TEMPLATE_KEY = Pattern.compile("(?m)^\\s*['\"]?chat_template['\"]?\\s*:");
    private static final int LONGEST_TEMPLATE = 1 << 20;
    private static final int LONGEST_LINE = 4 << 10;
    private static final byte[] PYTHON = "python/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HYDRA = HydraRules.MEMBER.getBytes(StandardCharsets.US_ASCII);
    private static final int STEP_BYTES = 64 << 10;

    private final Content content;
    private final String where;
    private final Inspection inspection;

    TextScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    /** Whether a content that starts so may be text; also JSON in 16 or 32 bits, which Python reads. */
    static boolean isText(byte[] head) {
        for (int i = 0; i < Math.min(4, head.length); i++) {
            if ((head[i] == '{' || head[i] == '[') && (i == 0 || head[0] == 0 || head[0] < 0)) {
                return true;
            }
        }
        for (byte b : head) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b) {
                return false;
            }
        }
        return true;
    }

    Format scan() throws IOException {
        byte[] head = content.head(Format.HEAD_BYTES);
        boolean json = false;
        for (int i = 0; i < head.length && !json && (head[i] <= ' ' || (head[i] & 0x80) != 0); i++) {
            json = i + 1 < head.length && (head[i + 1] == '{' || head[i + 1] == '[');
        }
        json |= head[0] == '{' || head[0] == '[';
        if (json) {
            try (InputStream in = content.open(0)) {
                JsonScan.Outcome outcome = new JsonScan(where, inspection).scan(in, false);
                if (outcome == JsonScan.Outcome.BEYOND_LIMITS) {
                    inspection.unreadable(where, "it is JSON that is nested too deep, or has too long a text");
                }
                if (outcome == JsonScan.Outcome.READ) {
                    return Format.JSON;
                }
            }
        }
        String text = new String(content.head(LONGEST_TEMPLATE), StandardCharsets.UTF_8);
        if (TEMPLATE_NAME.matcher(inspection.name(where)).matches()
                || TEMPLATE_KEY.matcher(text).find()) {
            TemplateRules.problem(text).ifPresent(problem -> inspection.unsafe(where, "the template " + problem));
        }
        scanLines();
        return Format.TEXT;
    }

    /** Looks closer where something is named that may be a tag of Python or a target of Hydra. */
    private void scanLines() throws IOException {
        boolean config = !inspection.isScriptName(where);
        try (ByteReader in = content.reader(0, STEP_BYTES)) {
            int python = 0;
            int hydra = 0;
            for (int c = in.read(); c >= 0; c = in.read()) {
                python = matched(PYTHON, python, c);
                hydra = matched(HYDRA, hydra, c);
                if (python == PYTHON.length) {
                    checkLines(Math.max(0, in.position() - LONGEST_LINE));
                    python = 0;
                } else if (hydra == HYDRA.length) {
                    if (config) {
                        HydraRules.checkStart(text(in.position() - HYDRA.length), where, inspection);
                    }
                    hydra = 0;
                }
            }
        }
    }

    /** How much of a mark is there with one more byte. */
    private static int matched(byte[] mark, int before, int next) {
        return next == mark[before] ? before + 1 : next == mark[0] ? 1 : 0;
    }

    private String text(long from) throws IOException {
        return new String(content.part(from, HydraRules.LONGEST).head(HydraRules.LONGEST), StandardCharsets.UTF_8);
    }

    private void checkLines(long from) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(content.part(from, 2L * LONGEST_LINE).open(0), StandardCharsets.ISO_8859_1))) {
            lines.lines()
                    .filter(line -> PYTHON_TAG.matcher(line).matches())
                    .findFirst()
                    .ifPresent(
                            line -> inspection.unsafe(where, "it is YAML that makes Python objects: " + line.strip()));
        }
    }
}
