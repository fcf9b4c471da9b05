package dev.outbound.boot;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.env.ConfigurableEnvironment;

import dev.outbound.client.Session;
import dev.outbound.client.transport.Transports;

/**
 * Tells of clients whose calls never leave the process, unless a test runs: a mock that
 * was left on would go unnoticed for long, for it answers.
 */
final class MockReport {

    /** Spring's name for what a test sets; Spring Boot's tests always do. */
    static final String PROPERTIES_OF_A_TEST = "Inlined Test Properties";

    private static final Log logger = LogFactory.getLog(MockReport.class);

    private final boolean told;

    private MockReport(boolean told) {
        this.told = told;
    }

    static MockReport of(Transports transports, ConfiguredClients clients, ConfigurableEnvironment environment) {
        boolean test = environment.getPropertySources().contains(PROPERTIES_OF_A_TEST);
        boolean all = transports.isMock() && !clients.properties().isEmpty();
        if (all && !test) {
            logger.warn("HTTP clients " + String.join(", ", clients.properties().keySet())
                    + " are mocked by the bean of type Transports (" + transports.getClass().getName()
                    + "), and no test runs: none of their calls will leave this process.");
        }
        return new MockReport(test || all);
    }

    /** A customizer may have set a mock for one client. */
    void opened(String clientName, Session session) {
        if (session.isMock() && !this.told) {
            logger.warn("HTTP client '" + clientName + "' is mocked by a ClientCustomizer, and no test runs: "
                    + "none of its calls will leave this process.");
        }
    }

}
