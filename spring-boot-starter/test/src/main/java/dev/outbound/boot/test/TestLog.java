package dev.outbound.boot.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

import dev.outbound.mock.MockScope;

/**
 * What one test logs: what comes on its threads, while others run in parallel. Stays when
 * Spring Boot sets up the log anew, which it does when the context of another test
 * starts.
 */
final class TestLog extends AppenderBase<ILoggingEvent> implements LoggerContextListener {

    private final MockScope scope;

    private final Logger root;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private TestLog(MockScope scope, Logger root) {
        this.scope = scope;
        this.root = root;
    }

    static TestLog start(MockScope scope) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("ClientEffects reads the log of Logback, but SLF4J is bound to "
                    + LoggerFactory.getILoggerFactory().getClass().getName()
                    + ". Put logback-classic on the class path of the tests, or use the routers' assertions only");
        }
        TestLog log = new TestLog(scope, context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
        log.setContext(context);
        log.attach();
        context.addListener(log);
        return log;
    }

    private void attach() {
        start();
        this.root.addAppender(this);
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        attach();
    }

    @Override
    public void onStart(LoggerContext context) {
    }

    @Override
    public void onStop(LoggerContext context) {
    }

    @Override
    public void onLevelChange(Logger logger, Level level) {
    }

    @Override
    protected void append(ILoggingEvent event) {
        MockScope current = MockScope.current();
        if (current != null && current.isWithin(this.scope)) {
            String trace = (event.getThrowableProxy() != null)
                    ? System.lineSeparator() + ThrowableProxyUtil.asString(event.getThrowableProxy()) : "";
            this.lines.add(event.getLoggerName() + ": " + event.getFormattedMessage() + trace);
        }
    }

    List<String> lines() {
        return List.copyOf(this.lines);
    }

    void end() {
        this.root.getLoggerContext().removeListener(this);
        this.root.detachAppender(this);
        stop();
    }

}
