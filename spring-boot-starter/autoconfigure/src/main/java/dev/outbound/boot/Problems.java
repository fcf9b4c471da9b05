package dev.outbound.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Collects what is wrong, each mistake once: one in the defaults is met again by every
 * client that inherits it.
 */
final class Problems {

    private static final Log logger = LogFactory.getLog(Problems.class);

    /** By client, then by property: a dot comes before all that a name can contain. */
    private static final Comparator<Problem> ORDER = Comparator
        .comparing((Problem problem) -> problem.property().replace('.', '\0'))
        .thenComparing(Problem::reason);

    private final Set<Problem> failures = new TreeSet<>(ORDER);

    private final Set<Problem> warnings = new TreeSet<>(ORDER);

    private final Set<Problem> notes = new TreeSet<>(ORDER);

    private final Set<Problem> unknown = new TreeSet<>(ORDER);

    void fail(ConfiguredValue value, String reason, String action) {
        this.failures.add(problem(value, reason, action));
    }

    /** A mistake that is no single value. */
    void fail(String property, @Nullable Origin origin, String reason, String action) {
        this.failures.add(new Problem(property, null, origin, reason, action));
    }

    void warn(ConfiguredValue value, String reason, String action) {
        this.warnings.add(problem(value, reason, action));
    }

    /** Something that is no single value. */
    void warn(String property, String reason, String action) {
        this.warnings.add(new Problem(property, null, null, reason, action));
    }

    /** Something that is good to know, and no problem of the clients. */
    void note(String property, String reason, String action) {
        this.notes.add(new Problem(property, null, null, reason, action));
    }

    /** A property that has no meaning here. */
    void unknown(ConfiguredValue value, String reason, String action) {
        this.unknown.add(problem(value, reason, action));
    }

    private static Problem problem(ConfiguredValue value, String reason, String action) {
        return new Problem(value.property(), ShownValue.of(value), value.origin(), reason, action);
    }

    /**
     * Decide what fails the start and what is only told.
     * @param ignoreUnknown whether unknown properties are only told
     * @param strict whether everything else fails the start
     */
    void settle(boolean ignoreUnknown, boolean strict) {
        if (strict) {
            this.failures.addAll(this.warnings);
            this.warnings.clear();
        }
        (ignoreUnknown ? this.warnings : this.failures).addAll(this.unknown);
        this.unknown.clear();
    }

    /**
     * Tell what is settled: failures in one exception, all else in one line each.
     * @param told the lines that were told before, which are not repeated
     * @return the lines of this time
     */
    Set<String> report(Set<String> told) {
        throwFailures();
        Set<String> lines = new HashSet<>();
        for (Problem warning : this.warnings) {
            if (isNew(warning, told, lines)) {
                logger.warn(line(warning));
            }
        }
        for (Problem note : this.notes) {
            if (isNew(note, told, lines)) {
                logger.info(line(note));
            }
        }
        return lines;
    }

    private static boolean isNew(Problem problem, Set<String> told, Set<String> lines) {
        String line = line(problem);
        return lines.add(line) && !told.contains(line);
    }

    private static String line(Problem problem) {
        return problem.property() + ": " + problem.reason() + " " + problem.action();
    }

    /**
     * Tell nothing but failures.
     * @throws InvalidClientConfigurationException with all of them, if there are any
     */
    void throwFailures() {
        if (!this.failures.isEmpty()) {
            throw new InvalidClientConfigurationException(failures());
        }
    }

    List<Problem> failures() {
        return new ArrayList<>(this.failures);
    }

    List<Problem> warnings() {
        return new ArrayList<>(this.warnings);
    }

    List<Problem> notes() {
        return new ArrayList<>(this.notes);
    }

}
