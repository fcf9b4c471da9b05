package dev.outbound.client.httpx;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import dev.outbound.client.Hook;
import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;

class A23LoggingTests extends AbstractFeatureTests {

    @ParameterizedTest
    @EnumSource
    @DisplayName("A23 httpx logger: silent; a hook writes a line for each exchange, without secrets")
    void lineForEachExchange(Lane lane) {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.outbound");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        try {
            this.upstream = FakeUpstream.answering(status(302, "Location: /b?token=s3cr3t"), ok(""));
            client(lane,
                    (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1))
                        .hook(Hook
                            .onResponse((request, response) -> logger.info("{} {}", request, response.statusCode()))))
                .get("http://shop.test/a?token=s3cr3t");
        }
        finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        List<String> lines = appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).containsExactly("GET http://shop.test/a 302", "GET http://shop.test/b 200");
    }

}
