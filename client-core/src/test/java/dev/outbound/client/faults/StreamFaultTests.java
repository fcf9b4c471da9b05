package dev.outbound.client.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Section D, streams: what has no end, and what nobody ends.
 */
@Rows
class StreamFaultTests {

    @Row(id = "D33", when = "Server-sent events, and lines, without an end of line",
            then = "LimitExceededException, phase body; connection closed")
    void endlessLine(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ");
            while (true) {
                connection.write("x".repeat(16_000));
            }
        });
        LaneClient client = cell.client(server, (builder) -> builder.limits(Limits.defaults().withBody(100_000)));
        cell.fails(LimitExceededException.class, Phase.BODY,
                () -> client.read("/", StreamedResponse::events, ReactiveStreamedResponse::events));
        server.awaitOpen(0);
        cell.fails(LimitExceededException.class, Phase.BODY,
                () -> client.read("/", StreamedResponse::lines, ReactiveStreamedResponse::lines));
        server.awaitOpen(0);
    }

    @Row(id = "D38", when = "A streamed response is forgotten, neither read nor closed",
            then = "A warning that names the client; the connection is closed and lost to nobody")
    void forgotten(Cell cell) {
        if (!(cell.client(cell.server(next())) instanceof LaneClient.Blocking)) {
            cell.notApplicable("a response ends with its subscription");
            return;
        }
        RawServer server = cell.server(Cell.answerAndHold("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), next());
        LaneClient.Blocking client = (LaneClient.Blocking) cell.client(server);
        Queue<String> warnings = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

            @Override
            protected void append(ILoggingEvent event) {
                warnings.add(event.getFormattedMessage());
            }

        };
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.outbound.client.Abandonment");
        logger.addAppender(appender);
        try {
            assertThat(client.client().stream(HttpMethod.GET, "/").statusCode()).isEqualTo(200);
            Cell.await(() -> {
                System.gc();
                return !warnings.isEmpty();
            }, () -> "nobody has noticed");
            server.awaitOpen(0);
            Cell.served(client);
            assertThat(List.copyOf(warnings)).singleElement()
                .asString()
                .contains("client 'lab'", "never closed")
                .doesNotContain(Cell.SECRET);
        }
        finally {
            logger.detachAppender(appender);
        }
    }

}
