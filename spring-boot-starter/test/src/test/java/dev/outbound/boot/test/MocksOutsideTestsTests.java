package dev.outbound.boot.test;

import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestContextManager;

import dev.outbound.boot.Clients;
import dev.outbound.boot.OutboundAutoConfiguration;
import dev.outbound.client.transport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/** S110: this module on the class path of an application that is not tested. */
@Isolated("applications that start meanwhile take the appender away")
class MocksOutsideTestsTests {

    private static final String BASE_URL = "outbound.clients.shop.base-url=https://shop.example.com";

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.outbound.boot.MockReport");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        this.lines.start();
        this.logger.addAppender(this.lines);
    }

    @AfterEach
    void forget() {
        this.logger.detachAppender(this.lines);
    }

    private List<String> warnings() {
        return this.lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void itsPresenceMocksNothing() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .run("--" + BASE_URL, "--spring.main.banner-mode=off")) {
            assertThat(context.getBeansOfType(Transports.class).values())
                .allSatisfy((transports) -> assertThat(transports.isMock()).isFalse());
            assertThat(context.getBean(Clients.class).session("shop").isMock()).isFalse();
        }
        assertThat(warnings()).isEmpty();
    }

    @Test
    void mocksThatAreImportedAreTold() {
        new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(MockUpstreamsAutoConfiguration.class, OutboundAutoConfiguration.class))
            .withPropertyValues(BASE_URL)
            .run((context) -> {
                assertThat(context.getBean(Clients.class).session("shop").isMock()).isTrue();
                assertThat(warnings()).singleElement()
                    .satisfies(
                            (line) -> assertThat(line).startsWith("HTTP clients shop are mocked by the bean of type "));
            });
    }

    @Test
    void thoseOfATestAreNot() throws Exception {
        TestContextManager test = new TestContextManager(Slice.class);
        test.prepareTestInstance(new Slice());
        Clients clients = test.getTestContext().getApplicationContext().getBean(Clients.class);
        assertThat(clients.session("shop").isMock()).isTrue();
        assertThat(warnings()).isEmpty();
    }

    /** With a context of its own, which starts while somebody listens. */
    @ClientTest(properties = { BASE_URL, "context=of-mocks-outside-tests" })
    static class Slice {

    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

    }

}
