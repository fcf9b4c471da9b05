package dev.outbound.boot;

import org.springframework.util.unit.DataSize;

/**
 * Log of the requests of a client, at level INFO of the logger
 * {@code outbound.client.<name>}.
 *
 * @since 0.1
 */
public class LoggingProperties {

    /**
     * How much of each request is logged.
     */
    private LoggingLevel level = LoggingLevel.OFF;

    /**
     * How much of a body is logged.
     */
    private DataSize bodyLimit = DataSize.ofKilobytes(2);

    /**
     * Whether secrets are masked: values of headers and of fields in bodies whose names
     * say that they carry one, and queries of URLs.
     */
    private boolean redact = true;

    public LoggingLevel getLevel() {
        return this.level;
    }

    public void setLevel(LoggingLevel level) {
        this.level = level;
    }

    public DataSize getBodyLimit() {
        return this.bodyLimit;
    }

    public void setBodyLimit(DataSize bodyLimit) {
        this.bodyLimit = bodyLimit;
    }

    public boolean isRedact() {
        return this.redact;
    }

    public void setRedact(boolean redact) {
        this.redact = redact;
    }

}
