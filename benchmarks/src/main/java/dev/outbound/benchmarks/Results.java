package dev.outbound.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was measured, by what was measured.
 */
final class Results {

    private final Map<String, Figures> figures = new LinkedHashMap<>();

    void add(String name, List<Sample> slices, long heap) {
        this.figures.computeIfAbsent(name, (it) -> new Figures()).add(slices, heap);
    }

    boolean has(String name) {
        return this.figures.containsKey(name);
    }

    Figures of(String name) {
        Figures figures = this.figures.get(name);
        if (figures == null) {
            throw new IllegalStateException("'" + name + "' was not measured, but " + this.figures.keySet());
        }
        return figures;
    }

    Set<String> names() {
        return this.figures.keySet();
    }

    double cpu(String name) {
        return of(name).cpu().median();
    }

    double bytes(String name) {
        return of(name).bytes().median();
    }

    double throughput(String name) {
        return of(name).throughput().median();
    }

}
