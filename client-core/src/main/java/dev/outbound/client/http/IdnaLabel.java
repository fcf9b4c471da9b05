package dev.outbound.client.http;

import java.lang.Character.UnicodeBlock;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The rules for one label: which code points (RFC 5892), and in which direction (RFC
 * 5893).
 */
final class IdnaLabel {

    /** RFC 5892, section 2.6, PVALID. */
    private static final String ALSO_ALLOWED = "\u00df\u03c2\u06fd\u06fe\u0f0b\u3007";

    /** RFC 5892, section 2.6, DISALLOWED. */
    private static final String ALSO_FORBIDDEN = "\u0640\u07fa\u302e\u302f\u3031\u3032\u3033\u3034\u3035\u303b";

    private static final int ZWNJ = 0x200c;

    private static final int ZWJ = 0x200d;

    /** Arabic letters that join to the letter before them only (Joining_Type R). */
    private static final String RIGHT_JOINING = "\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673"
            + "\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef";

    /** Arabic letters that join to none. */
    private static final String NOT_JOINING = "\u0621\u0674\u06dd";

    /** Canonical_Combining_Class 9, which the JDK does not tell. */
    private static final String VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba"
            + "\u0f84\u1039\u103a\u1714\u1715\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f"
            + "\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed\ud802\ude3f\ud804\udc46\ud804\udc70"
            + "\ud804\udc7f\ud804\udcb9\ud804\udd33\ud804\udd34\ud804\uddc0\ud804\ude35\ud804\udeea"
            + "\ud804\udf4d\ud805\udc42\ud805\udcc2\ud805\uddbf\ud805\ude3f\ud805\udeb6\ud805\udf2b"
            + "\ud806\udc39\ud806\udd3d\ud806\udd3e\ud806\udde0\ud806\ude34\ud806\ude47\ud806\ude99"
            + "\ud807\udc3f\ud807\udd44\ud807\udd45\ud807\udd97";

    private IdnaLabel() {
    }

    /** Return why the label is not allowed, or {@code null}. */
    static @Nullable String refusal(String label) {
        if (!Normalizer.isNormalized(label, Form.NFC)) {
            return "it is not in normal form C";
        }
        if (label.startsWith("-") || label.endsWith("-") || label.startsWith("--", 2)) {
            return "a label has a hyphen at its beginning, its end or twice behind the second character";
        }
        int[] points = label.codePoints().toArray();
        if (isMark(points[0])) {
            return "a label begins with a combining mark";
        }
        for (int i = 0; i < points.length; i++) {
            if (!isAllowed(points, i)) {
                return String.format(Locale.ROOT, "U+%04X is not allowed", points[i]);
            }
        }
        return Bidi.isAllowed(points) ? null : "it mixes directions";
    }

    private static boolean isAllowed(int[] points, int i) {
        int c = points[i];
        return switch (c) {
            case 0xb7 -> at(points, i - 1) == 'l' && at(points, i + 1) == 'l';
            case 0x375 -> script(at(points, i + 1)) == UnicodeScript.GREEK;
            case 0x5f3, 0x5f4 -> script(at(points, i - 1)) == UnicodeScript.HEBREW;
            case 0x30fb -> hasJapanese(points);
            case ZWJ -> isVirama(at(points, i - 1));
            case ZWNJ -> isVirama(at(points, i - 1)) || joins(points, i);
            default -> {
                if (c >= 0x660 && c <= 0x669) {
                    yield none(points, 0x6f0, 0x6f9);
                }
                yield (c >= 0x6f0 && c <= 0x6f9) ? none(points, 0x660, 0x669) : isValid(c);
            }
        };
    }

    /** Whether the code point is allowed in any place (PVALID). */
    static boolean isValid(int c) {
        if (c < 0x80) {
            return isLdh(c);
        }
        if (c <= Character.MAX_VALUE && ALSO_ALLOWED.indexOf(c) >= 0) {
            return true;
        }
        if (c <= Character.MAX_VALUE && ALSO_FORBIDDEN.indexOf(c) >= 0) {
            return false;
        }
        if (isUnstable(c) || isIgnorable(c) || isIgnorableBlock(UnicodeBlock.of(c)) || isOldHangul(c)) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER, Character.UPPERCASE_LETTER, Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER, Character.DECIMAL_DIGIT_NUMBER, Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                true;
            default -> false;
        };
    }

    /** Whether compatibility mapping or case folding change the character. */
    private static boolean isUnstable(int c) {
        String character = Character.toString(c);
        String folded = Normalizer.normalize(fold(Normalizer.normalize(character, Form.NFKC)), Form.NFKC);
        return !folded.equals(character);
    }

    private static String fold(String text) {
        int c = text.codePointAt(0);
        if (c == 0x131) {
            // Its capital is that of another letter.
            return text;
        }
        String capital = text.toUpperCase(Locale.ROOT);
        return (UnicodeScript.of(c) == UnicodeScript.CHEROKEE) ? capital : capital.toLowerCase(Locale.ROOT);
    }

    static boolean isLdh(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** Letters and marks among Default_Ignorable_Code_Point. */
    private static boolean isIgnorable(int c) {
        return c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || (c >= 0x180b && c <= 0x180f)
                || c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xe0000 && c <= 0xe0fff);
    }

    private static boolean isIgnorableBlock(@Nullable UnicodeBlock block) {
        return block == UnicodeBlock.COMBINING_MARKS_FOR_SYMBOLS || block == UnicodeBlock.MUSICAL_SYMBOLS
                || block == UnicodeBlock.ANCIENT_GREEK_MUSICAL_NOTATION;
    }

    private static boolean isOldHangul(int c) {
        return (c >= 0x1100 && c <= 0x11ff) || (c >= 0xa960 && c <= 0xa97c) || (c >= 0xd7b0 && c <= 0xd7fb);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static int at(int[] points, int i) {
        return (i >= 0 && i < points.length) ? points[i] : -1;
    }

    private static @Nullable UnicodeScript script(int c) {
        return (c >= 0) ? UnicodeScript.of(c) : null;
    }

    private static boolean hasJapanese(int[] points) {
        for (int c : points) {
            UnicodeScript script = UnicodeScript.of(c);
            if (script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA || script == UnicodeScript.HAN) {
                return true;
            }
        }
        return false;
    }

    private static boolean none(int[] points, int first, int last) {
        for (int c : points) {
            if (c >= first && c <= last) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVirama(int c) {
        return c >= 0 && VIRAMAS.indexOf(c) >= 0;
    }

    /**
     * A letter before and one behind that would be joined without the non-joiner. Known
     * for Arabic only; other scripts' names are refused, not misread.
     */
    private static boolean joins(int[] points, int i) {
        int before = i - 1;
        while (Character.getType(Math.max(0, at(points, before))) == Character.NON_SPACING_MARK) {
            before--;
        }
        int behind = i + 1;
        while (Character.getType(Math.max(0, at(points, behind))) == Character.NON_SPACING_MARK) {
            behind++;
        }
        return joinsBehind(at(points, before)) && joinsBefore(at(points, behind));
    }

    private static boolean joinsBehind(int c) {
        return joinsBefore(c) && !contains(RIGHT_JOINING, c);
    }

    private static boolean joinsBefore(int c) {
        return c >= 0x620 && c <= 0x6ff && Character.isLetter(c) && !contains(NOT_JOINING, c);
    }

    private static boolean contains(String ranges, int c) {
        for (int i = 0; i < ranges.length(); i++) {
            if (ranges.charAt(i) == '-') {
                if (c > ranges.charAt(i - 1) && c < ranges.charAt(i + 1)) {
                    return true;
                }
            }
            else if (ranges.charAt(i) == c) {
                return true;
            }
        }
        return false;
    }

    /** RFC 5893, section 2. */
    private static final class Bidi {

        private Bidi() {
        }

        static boolean isAllowed(int[] points) {
            boolean rightToLeft = false;
            for (int c : points) {
                byte direction = Character.getDirectionality(c);
                rightToLeft |= isRight(direction) || direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
            }
            if (!rightToLeft) {
                return true;
            }
            byte first = Character.getDirectionality(points[0]);
            if (!isRight(first) && first != Character.DIRECTIONALITY_LEFT_TO_RIGHT) {
                return false;
            }
            return isRight(first) && isRightToLeft(points);
        }

        private static boolean isRightToLeft(int[] points) {
            boolean european = false;
            boolean arabic = false;
            byte end = -1;
            for (int c : points) {
                byte direction = Character.getDirectionality(c);
                if (direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT) {
                    return false;
                }
                european |= direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
                arabic |= direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
                end = (direction != Character.DIRECTIONALITY_NONSPACING_MARK) ? direction : end;
            }
            return !(european && arabic) && (isRight(end) || end == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                    || end == Character.DIRECTIONALITY_ARABIC_NUMBER);
        }

        private static boolean isRight(byte direction) {
            return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                    || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
        }

    }

}
