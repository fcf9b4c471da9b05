package dev.outbound.client.http;

import org.jspecify.annotations.Nullable;

/**
 * The ASCII form of an international label without its prefix (RFC 3492, section 6).
 * {@code java.net.IDN} has it too, but only together with the mappings of IDNA 2003.
 */
final class Punycode {

    private static final int BASE = 36;

    private static final int T_MIN = 1;

    private static final int T_MAX = 26;

    private static final int SKEW = 38;

    private static final int DAMP = 700;

    private static final int INITIAL_BIAS = 72;

    private static final int INITIAL_N = 0x80;

    private Punycode() {
    }

    static String encode(String label) {
        int[] input = label.codePoints().toArray();
        StringBuilder output = new StringBuilder();
        for (int c : input) {
            if (c < INITIAL_N) {
                output.append((char) c);
            }
        }
        int basic = output.length();
        int handled = basic;
        if (basic > 0) {
            output.append('-');
        }
        int n = INITIAL_N;
        int delta = 0;
        int bias = INITIAL_BIAS;
        while (handled < input.length) {
            int next = Integer.MAX_VALUE;
            for (int c : input) {
                next = (c >= n && c < next) ? c : next;
            }
            delta += (next - n) * (handled + 1);
            n = next;
            for (int c : input) {
                if (c < n) {
                    delta++;
                }
                else if (c == n) {
                    appendNumber(output, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return output.toString();
    }

    private static void appendNumber(StringBuilder output, int number, int bias) {
        int q = number;
        for (int k = BASE;; k += BASE) {
            int t = threshold(k, bias);
            if (q < t) {
                output.append(digit(q));
                return;
            }
            output.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
        }
    }

    /** Return the label, or {@code null} where the text is not Punycode. */
    static @Nullable String decode(String text) {
        int hyphen = text.lastIndexOf('-');
        StringBuilder output = new StringBuilder(text.substring(0, Math.max(0, hyphen)));
        int n = INITIAL_N;
        int i = 0;
        int bias = INITIAL_BIAS;
        int count = output.length();
        int position = (hyphen > 0) ? hyphen + 1 : 0;
        while (position < text.length()) {
            int before = i;
            long weight = 1;
            long number = i;
            for (int k = BASE;; k += BASE) {
                int digit = (position < text.length()) ? value(text.charAt(position++)) : -1;
                number += digit * weight;
                if (digit < 0 || number > Integer.MAX_VALUE) {
                    return null;
                }
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight = Math.min(weight * (BASE - t), Integer.MAX_VALUE);
            }
            count++;
            bias = adapt((int) number - before, count, before == 0);
            long c = n + number / count;
            if (c > Character.MAX_CODE_POINT || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                return null;
            }
            n = (int) c;
            i = (int) (number % count);
            output.insert(output.offsetByCodePoints(0, i), Character.toChars(n));
            i++;
        }
        return output.toString();
    }

    private static int adapt(int delta, int length, boolean first) {
        int d = first ? delta / DAMP : delta / 2;
        d += d / length;
        int k = 0;
        while (d > ((BASE - T_MIN) * T_MAX) / 2) {
            d /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * d / (d + SKEW);
    }

    private static int threshold(int k, int bias) {
        return Math.max(T_MIN, Math.min(T_MAX, k - bias));
    }

    private static char digit(int value) {
        return (char) ((value < 26) ? 'a' + value : '0' + value - 26);
    }

    private static int value(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return (c >= '0' && c <= '9') ? c - '0' + 26 : -1;
    }

}
