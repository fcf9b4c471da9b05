package dev.outbound.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one contender, by fork.
 */
final class Figures {

    private final List<List<Sample>> forks = new ArrayList<>();

    private final List<Long> heaps = new ArrayList<>();

    void add(List<Sample> slices, long heap) {
        this.forks.add(List.copyOf(slices));
        this.heaps.add(heap);
    }

    int forks() {
        return this.forks.size();
    }

    Spread cpu() {
        return spread(Sample::cpuMicros);
    }

    Spread wall() {
        return spread(Sample::wallMicros);
    }

    Spread bytes() {
        return spread(Sample::bytesPerCall);
    }

    Spread throughput() {
        return spread(Sample::callsPerSecond);
    }

    /** Of the live heap, in bytes. */
    Spread heap() {
        return Spread.of(this.heaps.stream().mapToDouble(Long::doubleValue).toArray());
    }

    private Spread spread(ToDoubleFunction<Sample> figure) {
        return Spread.of(this.forks.stream()
            .mapToDouble((slices) -> Spread.of(slices.stream().mapToDouble(figure).toArray()).median())
            .toArray());
    }

    /**
     * The median of forks, and between what it lies.
     *
     * @param median the middle one, or the mean of the two in the middle
     * @param min the least
     * @param max the greatest
     */
    record Spread(double median, double min, double max) {

        static Spread of(double... values) {
            double[] sorted = values.clone();
            java.util.Arrays.sort(sorted);
            int n = sorted.length;
            return new Spread((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]);
        }

        String text(int digits) {
            return String.format(Locale.ROOT, "%,." + digits + "f", this.median);
        }

        String range(int digits) {
            String format = "%,." + digits + "f";
            return String.format(Locale.ROOT, format + "-" + format, this.min, this.max);
        }

    }

}
