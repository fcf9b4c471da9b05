package dev.outbound.boot;

import java.util.List;

/**
 * The configuration of the HTTP clients has mistakes. Holds all of them, and no secret.
 *
 * @since 0.1
 */
public final class InvalidClientConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidClientConfigurationException(List<Problem> problems) {
        super(ProblemReport.summarize(problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * Return what is wrong, ordered by client and property.
     * @return the problems, at least one
     */
    public List<Problem> problems() {
        return this.problems;
    }

}
