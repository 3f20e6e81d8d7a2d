package io.github.modelcache.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program of a TorchScript archive. It cannot import, but it can call each operation that is registered in the process:
 * some of them read and write files or open connections.
 */
final class TorchScriptCode {
    private static final int LONGEST = 8 << 20;
    private static final Pattern CODE = Pattern.compile("(.*/)?code/.*\\.py");
    private static final Pattern BYTECODE = Pattern.compile("(.*/)?bytecode\\.pkl");
    private static final Pattern MARK = Pattern.compile("(.*/)?(constants\\.pkl|model\\.json)");

    /** Comments and texts are passed over; a quote that opens none of them cannot be followed. */
    private static final Pattern TOKEN = Pattern.compile(
            "#[^\n]*+"
                    + "|'''(?:[^'\\\\]++|\\\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\""
                    + "|'(?:[^'\\\\\n]++|\\\\.)*+'|\"(?:[^\"\\\\\n]++|\\\\.)*+\""
                    + "|(?<quote>['\"])"
                    + "|(?<![\\w.])(?<root>torch|ops|__torch__|rpc_\\w+)\\b(?<names>(?:\\s*+\\.\\s*+\\w++)*+)",
            Pattern.DOTALL);

    private static final Pattern QUALIFIED = Pattern.compile("(\\w{1,64})::(\\w{1,128})");

    private static final Set<String> FILES = Set.of("save", "load", "from_file");
    private static final Set<String> LIBRARIES = Set.of(
            "aten",
            "prim",
            "prims",
            "quantized",
            "_quantized",
            "prepacked",
            "xnnpack",
            "mkldnn",
            "mkldnn_prepacked",
            "onednn",
            "sparse",
            "rnn",
            "torchvision");

    private final String where;
    private final Inspection inspection;

    TorchScriptCode(String where, Inspection inspection) {
        this.where = where;
        this.inspection = inspection;
    }

    /** Whether an archive with this entry is a program; the library finds entries in any letter case. */
    static boolean marks(String entry) {
        return MARK.matcher(entry.toLowerCase(Locale.ROOT)).matches();
    }

    /** Looks into an entry of such an archive, if it is a part of the program. */
    void scan(String entry, Content content) throws IOException {
        String name = entry.toLowerCase(Locale.ROOT);
        boolean code = CODE.matcher(name).matches();
        if (!code && !BYTECODE.matcher(name).matches()) {
            return;
        }
        if (content.size() > LONGEST) {
            inspection.unsafe(where, "its program is longer than " + LONGEST + " bytes");
            return;
        }
        String text = new String(content.head(LONGEST), StandardCharsets.ISO_8859_1);
        if (code) {
            source(text);
        } else {
            bytecode(text);
        }
    }

    /** A pickle of names. What follows a name in it may look as if it belonged to the name. */
    private void bytecode(String text) {
        Matcher qualified = QUALIFIED.matcher(text);
        while (qualified.find()) {
            String name = qualified.group(2);
            operation(
                    qualified.group(1),
                    FILES.stream().filter(name::startsWith).findFirst().orElse(name));
        }
    }

    private void source(String text) {
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group("quote") != null) {
                inspection.unsafe(where, "its program has a text that does not end");
                return;
            }
            if (token.group("root") != null) {
                reference(
                        token.group("root"),
                        token.group("names").replaceAll("\\s", "").split("\\.", -1));
            }
        }
    }

    /** A dotted name; the first of the others is empty. */
    private void reference(String root, String[] names) {
        switch (root) {
            case "torch" -> {
                if (names.length < 2) {
                    hidden(root);
                } else {
                    operation("aten", names[1]);
                }
            }
            case "ops" -> {
                if (names.length < 3) {
                    hidden(root);
                } else {
                    operation(names[1], names[2]);
                }
            }
            case "__torch__" -> {
                if (names.length > 4 && names[1].equals("torch") && names[2].equals("classes")) {
                    operation(names[3], names[4]);
                }
            }
            default -> inspection.unsafe(where, "its program calls another computer by " + root);
        }
    }

    private void hidden(String root) {
        inspection.unsafe(where, "its program uses '" + root + "' so that the operation cannot be told");
    }

    private void operation(String library, String name) {
        if (library.equals("aten") && FILES.contains(name)) {
            inspection.unsafe(where, "its program reads or writes files by torch." + name);
        } else if (!LIBRARIES.contains(library)) {
            inspection.unsafe(where, "its program calls " + library + "::" + name + ", which is not of PyTorch");
        }
    }
}
