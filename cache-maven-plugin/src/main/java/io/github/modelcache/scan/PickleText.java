package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Plain;
import io.github.modelcache.scan.PickleValue.Whole;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of protocol 0, and those in which a pickle is encoded. */
final class PickleText {
    private static final Pattern INTEGER =
            Pattern.compile("[\\s\\x00]*([+-]?)(0[xXoObB])?([0-9A-Fa-f_]+)L?[\\s\\x00]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\s*[+-]?([0-9._]+([eE][+-]?[0-9_]+)?|inf|infinity|nan)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(x[0-9A-Fa-f]{2}|[0-7]{1,3}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", Pattern.DOTALL);
    private static final int LONGEST_EXACT = 18;

    private PickleText() {}

    static PickleValue number(byte[] line) throws PickleException {
        Matcher matcher = INTEGER.matcher(latin1(line));
        if (!matcher.matches()) {
            throw new PickleException("it has a number without digits");
        }
        String digits = matcher.group(3).replace("_", "");
        boolean decimal = digits.chars().allMatch(Character::isDigit);
        if (!decimal && matcher.group(2) == null) {
            throw new PickleException("it has a number without digits");
        }
        if (matcher.group(2) != null || digits.length() > LONGEST_EXACT) {
            return Plain.VALUE;
        }
        return new Whole(digits.isEmpty() ? 0 : Long.parseLong(matcher.group(1) + digits));
    }

    static void requireFloat(byte[] line) throws PickleException {
        if (!FLOAT.matcher(latin1(line)).matches()) {
            throw new PickleException("it has a number without digits");
        }
    }

    /** A text in quotes with the escapes of Python. */
    static String quoted(byte[] line) throws PickleException {
        String text = latin1(line).strip();
        int end = text.length() - 1;
        if (end < 1 || text.charAt(0) != text.charAt(end) || (text.charAt(0) != '\'' && text.charAt(0) != '"')) {
            throw new PickleException("it has a text without quotes");
        }
        return unescaped(text.substring(1, end), false);
    }

    /** A text in which only code points are escaped. */
    static String rawUnicode(byte[] line) {
        return unescaped(latin1(line), true);
    }

    private static String unescaped(String text, boolean unicode) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        return ESCAPE.matcher(text).replaceAll(match -> {
            String escape = match.group(1);
            boolean wide = escape.length() > 1 && (escape.charAt(0) == 'u' || escape.charAt(0) == 'U');
            if (wide != unicode) {
                return Matcher.quoteReplacement(match.group());
            }
            return Matcher.quoteReplacement(plain(escape));
        });
    }

    private static String plain(String escape) {
        char first = escape.charAt(0);
        if (escape.length() > 1 && (first == 'x' || first == 'u' || first == 'U')) {
            int code = Integer.parseUnsignedInt(escape.substring(1), 16);
            return Character.isValidCodePoint(code) ? Character.toString(code) : "";
        }
        if (first >= '0' && first <= '7') {
            return Character.toString(Integer.parseInt(escape, 8));
        }
        return switch (first) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'a' -> "\007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'v' -> "\013";
            case '\n' -> "";
            case '\\', '\'', '"' -> escape;
            default -> "\\" + escape;
        };
    }

    /** The bytes that a text stands for in base64 or in hexadecimal digits; none if it is neither. */
    static byte[] decoded(byte[] text) {
        try {
            return text[0] == 'g'
                    ? Base64.getMimeDecoder().decode(text)
                    : HexFormat.of().parseHex(new String(text, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
