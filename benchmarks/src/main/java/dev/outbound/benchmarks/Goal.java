package dev.outbound.benchmarks;

import java.util.Locale;

/**
 * What a ratio is to be.
 *
 * @param name what is compared with what
 * @param ratio what was measured
 * @param limit how much it may be at most, or at least
 * @param atLeast whether more is better
 */
record Goal(String name, double ratio, double limit, boolean atLeast) {

    static Goal atMost(String name, double ratio, double limit) {
        return new Goal(name, ratio, limit, false);
    }

    static Goal atLeast(String name, double ratio, double limit) {
        return new Goal(name, ratio, limit, true);
    }

    boolean isMet() {
        return this.atLeast ? this.ratio >= this.limit : this.ratio <= this.limit;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "goal %s: ratio %.3f (limit %.2f)", this.name, this.ratio, this.limit);
    }

}
