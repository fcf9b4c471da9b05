package dev.outbound.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Reports mistakes in the configuration instead of a stack trace.
 */
final class InvalidClientConfigurationFailureAnalyzer
        extends AbstractFailureAnalyzer<InvalidClientConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidClientConfigurationException cause) {
        return new FailureAnalysis(ProblemReport.describe(cause.problems()), ProblemReport.actions(cause.problems()),
                cause);
    }

}
