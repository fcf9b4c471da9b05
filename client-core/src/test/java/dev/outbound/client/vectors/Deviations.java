package dev.outbound.client.vectors;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All rules by which we differ from HTTPX for good. The page
 * {@code docs/httpx-differences.md} has a row for each.
 */
public final class Deviations {

    private static final List<Deviation> ALL = new ArrayList<>();

    static {
        ALL.addAll(UrlDeviations.RULES);
        ALL.addAll(MessageDeviations.RULES);
        ALL.addAll(AuthDeviations.RULES);
        ALL.addAll(RetryDeviations.RULES);
        ALL.addAll(RedirectDeviations.RULES);
    }

    private Deviations() {
    }

    /**
     * Return all rules, in the order of the page.
     * @return the rules
     */
    public static List<Deviation> all() {
        return List.copyOf(ALL);
    }

    /** Return the first rule that is about the vector, or {@code null}. */
    static @Nullable Deviation of(Vector vector) {
        return ALL.stream().filter((deviation) -> deviation.isAbout(vector)).findFirst().orElse(null);
    }

}
