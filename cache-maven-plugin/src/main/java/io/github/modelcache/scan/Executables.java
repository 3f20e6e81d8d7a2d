package io.github.modelcache.scan;

import java.io.IOException;
import java.util.List;

/** Programs and compiled code, by their first bytes. */
final class Executables {
    private static final List<String> R_MARKS =
            List.of("RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n", "X\n\0\0\0\2", "X\n\0\0\0\3");

    private Executables() {}

    static Format find(byte[] head) {
        if (isProgram(head)) {
            return Format.EXECUTABLE;
        }
        if (isScript(head)) {
            return Format.SCRIPT;
        }
        if (Format.starts(head, "\u00ac\u00ed\0\5")) {
            return Format.JAVA_OBJECTS;
        }
        if (R_MARKS.stream().anyMatch(mark -> Format.starts(head, mark))) {
            return Format.R_OBJECTS;
        }
        return isPythonCode(head) ? Format.PYTHON_CODE : Format.OTHER;
    }

    /** A first line with the path of an interpreter, which is what an operating system runs. */
    private static boolean isScript(byte[] head) {
        if (!Format.starts(head, "#!")) {
            return false;
        }
        boolean path = false;
        for (int i = 2; i < head.length && head[i] != '\n' && head[i] != '\r'; i++) {
            path |= head[i] == '/';
            if ((head[i] & 0xff) < ' ' && head[i] != '\t') {
                return false;
            }
        }
        return path;
    }

    private static boolean isProgram(byte[] head) {
        boolean elf = Format.starts(head, "\u007fELF");
        boolean mach = Format.starts(head, "\u00ce\u00fa\u00ed\u00fe")
                || Format.starts(head, "\u00cf\u00fa\u00ed\u00fe")
                || Format.starts(head, "\u00fe\u00ed\u00fa\u00ce")
                || Format.starts(head, "\u00fe\u00ed\u00fa\u00cf")
                || isUniversal(head);
        return elf || mach;
    }

    /** A Mach-O file for several processors: their number follows, where Java's class files have a higher one. */
    private static boolean isUniversal(byte[] head) {
        return Format.starts(head, "\u00ca\u00fe\u00ba\u00be\0\0\0") && head.length > 7 && head[7] < 40;
    }

    /** MZ with a PE header where it says, or one that is a shell script as well, as llamafiles are. */
    static boolean isWindows(byte[] head, Content content) throws IOException {
        if (!Format.starts(head, "MZ") || head.length < 64) {
            return false;
        }
        long at = (head[60] & 0xffL) | (head[61] & 0xffL) << 8 | (head[62] & 0xffL) << 16 | (head[63] & 0xffL) << 24;
        return Format.starts(head, "MZqFpD")
                || (at < content.size() - 4 && Format.starts(content.part(at, 4).head(4), "PE\0\0"));
    }

    /** The magic numbers of CPython 3: 3000 and more, then CR LF, then flags of which three are known. */
    private static boolean isPythonCode(byte[] head) {
        if (head.length < 16 || head[2] != '\r' || head[3] != '\n') {
            return false;
        }
        int magic = (head[0] & 0xff) | (head[1] & 0xff) << 8;
        return magic >= 3000 && magic < 4200 && head[4] >= 0 && head[4] <= 3 && head[5] == 0 && head[6] == 0;
    }
}
