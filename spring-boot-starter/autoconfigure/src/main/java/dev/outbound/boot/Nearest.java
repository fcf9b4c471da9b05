package dev.outbound.boot;

import java.util.Collection;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds the name that was probably meant.
 */
final class Nearest {

    private Nearest() {
    }

    /**
     * Return the known name that is at most two slips of the keyboard away, of a short
     * name one.
     */
    static @Nullable String to(String name, Collection<String> known) {
        String nearest = null;
        int least = (name.length() > 4) ? 3 : 2;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - name.length()) >= least) {
                continue;
            }
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** A question to put behind a reason, or an empty text. */
    static String question(@Nullable String name) {
        return (name != null) ? " Did you mean \"" + name + "\"?" : "";
    }

    /**
     * Damerau and Levenshtein's distance: insert, delete, replace, or swap neighbours.
     */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distances[i][j] = i + j;
                    continue;
                }
                int replace = distances[i - 1][j - 1] + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
                int least = Math.min(replace, Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, distances[i - 2][j - 2] + 1);
                }
                distances[i][j] = least;
            }
        }
        return distances[a.length()][b.length()];
    }

}
