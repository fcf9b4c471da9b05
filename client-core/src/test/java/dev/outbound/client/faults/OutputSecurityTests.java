package dev.outbound.client.faults;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;
import dev.outbound.client.retry.RetryPolicy;

import static dev.outbound.client.faults.Cell.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Security, section E: secrets that are printed nowhere.
 */
@Rows
class OutputSecurityTests {

    private static final String CANARY = "c4n4ry";

    private static final List<Auth> SCHEMES = List.of(Auth.basic("user", CANARY), Auth.bearer(CANARY),
            Auth.bearer(() -> CANARY), Auth.digest("user", CANARY), Auth.apiKey("X-Api-Key", CANARY),
            Auth.apiKeyInQuery("api_key", CANARY),
            Auth.clientCredentials("http://127.0.0.1:9/token", "client", CANARY, "scope"));

    /** Messages and printed forms of a failure and all that it carries. */
    private static List<String> printed(Throwable failure) {
        List<String> printed = new ArrayList<>();
        Deque<Throwable> left = new ArrayDeque<>(List.of(failure));
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        while (!left.isEmpty()) {
            Throwable next = left.pop();
            if (seen.add(next)) {
                printed.add(next.toString());
                if (next instanceof ClientException ours && ours.context() != null) {
                    printed.add(ours.context().toString());
                }
                left.addAll(List.of(next.getSuppressed()));
                if (next.getCause() != null) {
                    left.add(next.getCause());
                }
            }
        }
        return printed;
    }

    @Row(id = "S51", when = "A secret in a header, and a header that cannot be sent; the server is gone; it fails",
            then = "In no message of the failure, its causes and what they suppress")
    void headerValues(Cell cell) {
        RawServer failing = cell.server((connection) -> connection
            .forEachRequest((request) -> connection.respond(500, "wrong", "X-Request: 1")));
        RawServer gone = RawServer.start(next());
        gone.close();
        for (Auth auth : SCHEMES.subList(0, 6)) {
            for (RawServer server : new RawServer[] { failing, gone }) {
                LaneClient client = cell.client((builder) -> builder.baseUrl(server.url())
                    .withoutHeader("Authorization")
                    .auth(auth)
                    .header("X-Secret", CANARY)
                    .retry(RetryPolicy.fixed(1, Duration.ZERO)));
                Throwable thrown = catchThrowable(
                        () -> client.get("/", (spec) -> spec.cookie("other", CANARY)).raiseForStatus());
                assertThat(thrown).isInstanceOf(ClientException.class);
                assertThat(printed(thrown)).noneMatch((text) -> text.contains(CANARY));
                Throwable refused = catchThrowable(
                        () -> client.get("/", (spec) -> spec.header("X-Secret", CANARY + "\r\nX: 1")));
                assertThat(refused).isInstanceOf(IllegalArgumentException.class);
                assertThat(printed(refused)).noneMatch((text) -> text.contains(CANARY));
            }
        }
    }

    @Row(id = "S52", when = "Secrets in a URL's user information, query and variables",
            then = "In no message: scheme, host and template only")
    void urls(Cell cell) {
        RawServer failing = cell.server(Cell.respond(500, "wrong"));
        RawServer gone = RawServer.start(next());
        gone.close();
        for (RawServer server : new RawServer[] { failing, gone }) {
            LaneClient client = cell.client((builder) -> builder.baseUrl(server.url()).query("token", CANARY));
            for (Throwable thrown : new Throwable[] {
                    catchThrowable(() -> client.get("/users/{key}?signature={key}", CANARY, CANARY).raiseForStatus()),
                    catchThrowable(() -> client.get("/?access_token=" + CANARY).raiseForStatus()),
                    catchThrowable(() -> client.get("http://user:" + CANARY + "@127.0.0.1:" + server.port() + "/")),
                    catchThrowable(() -> client.get("http://user:" + CANARY + "@evil.test:99999/")) }) {
                assertThat(thrown).isNotNull();
                assertThat(printed(thrown)).noneMatch((text) -> text.contains(CANARY));
            }
        }
        StatusException failure = (StatusException) catchThrowable(
                () -> cell.client(failing).get("/users/{key}", CANARY).raiseForStatus());
        assertThat(failure).hasMessageContaining("/users/{key}");
    }

    @Row(id = "S53", when = "Every logger at TRACE, every scheme of authentication",
            then = "No secret in a line of ours")
    void logs(Cell cell) {
        Logger ours = (Logger) LoggerFactory.getLogger("dev.outbound");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Level before = ours.getLevel();
        lines.start();
        ours.addAppender(lines);
        ours.setLevel(Level.TRACE);
        try {
            RawServer server = cell.server(
                    Cell.respond(401, CANARY, "WWW-Authenticate: Basic realm=\"x\"", "Set-Cookie: session=" + CANARY));
            for (Auth auth : SCHEMES.subList(0, 6)) {
                LaneClient client = cell.client(server,
                        (builder) -> builder.withoutHeader("Authorization").auth(auth).query("token", CANARY));
                client.post("/", (spec) -> spec.text(CANARY));
            }
        }
        finally {
            ours.detachAppender(lines);
            ours.setLevel(before);
        }
        assertThat(List.copyOf(lines.list)).extracting(ILoggingEvent::getFormattedMessage)
            .noneMatch((line) -> line.contains(CANARY));
    }

    @Row(id = "S54", when = "Everything of ours that a client, its settings, a request and a response hold is printed",
            then = "No toString shows a secret")
    void toStrings(Cell cell) throws IllegalAccessException {
        RawServer server = cell.server(Cell.respond(200, CANARY, "Set-Cookie: session=" + CANARY));
        int printed = 0;
        for (Auth auth : SCHEMES) {
            LaneClient client = cell.client(server,
                    (builder) -> builder.withoutHeader("Authorization")
                        .auth(auth)
                        .header("X-Secret", CANARY)
                        .header("Cookie2", "x=" + CANARY)
                        .query("token", CANARY));
            printed += printAll(client.settings());
            if (auth != SCHEMES.get(SCHEMES.size() - 1)) {
                Response response = client.post("/?key=" + CANARY, (spec) -> spec.form(Map.of("password", CANARY)));
                printed += printAll(response);
            }
        }
        assertThat(printed).as("objects").isGreaterThan(200);
    }

    /**
     * Print an object of ours and what it leads to, without text, which is no object's
     * name.
     */
    private static int printAll(Object root) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty()) {
            Object object = left.pop();
            if (!seen.add(object)) {
                continue;
            }
            if (object instanceof Iterable<?> several) {
                several.forEach((it) -> push(left, it));
            }
            if (object instanceof Map<?, ?> map) {
                map.values().forEach((it) -> push(left, it));
            }
            else if (object.getClass().isArray() && !object.getClass().getComponentType().isPrimitive()) {
                for (int i = 0; i < Array.getLength(object); i++) {
                    push(left, Array.get(object, i));
                }
            }
            if (isOurs(object.getClass())) {
                assertThat(object.toString()).as("%s", object.getClass()).doesNotContain(CANARY);
                for (Class<?> type = object.getClass(); isOurs(type); type = type.getSuperclass()) {
                    for (Field field : type.getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                            field.setAccessible(true);
                            push(left, field.get(object));
                        }
                    }
                }
            }
        }
        return seen.size();
    }

    private static boolean isOurs(Class<?> type) {
        String name = type.getName();
        return name.startsWith("dev.outbound.client.") && !name.contains(".lab.") && !name.contains(".faults.");
    }

    private static void push(Deque<Object> left, Object object) {
        if (object != null && !(object instanceof String)) {
            left.push(object);
        }
    }

    @Row(id = "S59", when = "What a request says of the client",
            then = "User-Agent: outbound, no version, of no engine")
    void userAgent(Cell cell) {
        RawServer server = cell.server(next());
        cell.client(server).get("/");
        assertThat(server.requests().get(0)).contains("User-Agent: outbound\r\n")
            .doesNotContainIgnoringCase("java")
            .doesNotContainIgnoringCase("netty")
            .doesNotContainIgnoringCase("apache");
    }

    @Row(id = "S60", when = "A call with secrets in its URL is under way", then = "No thread is named by it")
    void threads(Cell cell) {
        RawServer server = cell.server((connection) -> {
            connection.readRequest();
            connection.hold();
        });
        LaneClient client = cell.client(server);
        Running call = Running.get(client, "/path-" + CANARY + "?key=" + CANARY);
        Cell.await(() -> server.requests().size() == 1, () -> "no request came");
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
            .noneMatch((name) -> name.contains(CANARY));
        call.cancel();
        call.assertCancelled();
    }

}
