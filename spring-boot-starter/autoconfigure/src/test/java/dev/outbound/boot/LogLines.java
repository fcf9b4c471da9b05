package dev.outbound.boot;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * What is logged below one name, whatever other tests have made of the logging.
 */
final class LogLines implements AutoCloseable {

    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private final Logger logger;

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    static LogLines of(Class<?> type) {
        LogLines lines = new LogLines((Logger) LoggerFactory.getLogger(type));
        lines.logger.setLevel(Level.INFO);
        lines.appender.start();
        lines.logger.addAppender(lines.appender);
        return lines;
    }

    /** The lines so far, each with its level. */
    List<String> all() {
        return this.appender.list.stream()
            .map((event) -> event.getLevel() + " " + event.getFormattedMessage())
            .toList();
    }

    @Override
    public void close() {
        this.logger.detachAppender(this.appender);
        this.logger.setLevel(null);
    }

}
