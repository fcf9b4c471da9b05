package dev.outbound.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;

/**
 * A client that blocks: one upstream's base URL, headers, limits, retries and
 * authentication, and the connections to it. Thread-safe; {@link ReactiveClient} is the
 * same without blocking.
 *
 * <pre class="code">
 * Repo repo = github.get("/repos/{owner}/{name}", owner, name).raiseForStatus().json(Repo.class);
 *
 * Issue issue = github.post("/repos/{r}/issues", (r) -&gt; r.variable("r", "a/b").json(newIssue).timeout(ofSeconds(5)))
 *     .raiseForStatus()
 *     .json(Issue.class);
 * </pre>
 *
 * URLs are appended to the base URL, as in HTTPX. Braces are variables only in calls that
 * give values for them; values are encoded. A status of 4xx or 5xx is a response like any
 * other unless {@link Response#raiseForStatus()} is called. Every other failure is a
 * {@link ClientException}; a URL, header or argument that cannot be sent is an
 * {@link IllegalArgumentException} before anything is sent.
 *
 * @since 0.1
 */
public interface Client extends AutoCloseable {

    /**
     * Return a builder for a client with settings and an engine of its own.
     * @return a new builder
     */
    static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /**
     * Send a request.
     * @param method the method
     * @param url the URL, relative to the base URL; with values, a template
     * @param variables the values of the template's variables, in order
     * @return the response, fully read
     */
    Response request(HttpMethod method, String url, Object... variables);

    /**
     * Send a request that is described by a function.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …
     * @return the response, fully read
     */
    Response request(HttpMethod method, String url, Consumer<RequestSpec> spec);

    /**
     * Send a request as it is: no default header, parameter or base URL is put to it.
     * Authentication, retries and redirects are the client's, authentication for its own
     * origin only.
     * @param request the request
     * @return the response, fully read
     */
    Response send(Request request);

    /**
     * Make the request that {@link #request(HttpMethod, String, Consumer)} would send,
     * before authentication.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …
     * @return the request
     */
    Request build(HttpMethod method, String url, Consumer<RequestSpec> spec);

    /**
     * Send a request and stream the response.
     * @param method the method
     * @param url the URL, relative to the base URL; with values, a template
     * @param variables the values of the template's variables, in order
     * @return the response with its body unread; close it
     */
    StreamedResponse stream(HttpMethod method, String url, Object... variables);

    /**
     * Send a request that is described by a function and stream the response.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …
     * @return the response with its body unread; close it
     */
    StreamedResponse stream(HttpMethod method, String url, Consumer<RequestSpec> spec);

    /**
     * Send a request as it is, as {@link #send(Request)} does, and stream the response.
     * @param request the request
     * @return the response with its body unread; close it
     */
    StreamedResponse stream(Request request);

    /**
     * Send a request, give the streamed response to a function, and close it.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …
     * @param reader reads the response
     * @return what the function returns
     * @throws UncheckedIOException if the function throws an {@link IOException}
     */
    default <T> T stream(HttpMethod method, String url, Consumer<RequestSpec> spec, StreamReader<T> reader) {
        Assert.notNull(reader, "reader must not be null");
        try (StreamedResponse response = stream(method, url, spec)) {
            return reader.read(response);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Follow the server-sent events of a URL, and connect again when the connection ends
     * or is lost: with {@code Last-Event-ID}, after the time that the server gives by
     * {@code retry} (1 second where it does not, 1 hour at the most), and after twice as
     * long each time that no event came, up to 30 seconds. Half of it may be added at
     * random.
     * <p>
     * The events end when the server answers with 204. They fail when the first
     * connection cannot be made, and later when the server answers with what is neither a
     * {@code text/event-stream} nor 429, 502, 503 or 504: by a
     * {@link dev.outbound.client.http.StatusException}, or a
     * {@link dev.outbound.client.http.ConversionException} for a success of another type.
     * A failure that time does not heal, and one of the {@code stream-total} limit, ends
     * them, too.
     * <p>
     * Each connection is a call of its own: it is authenticated, retried and observed as
     * such. The {@code read} limit is the longest silence: let it be longer than the time
     * between two comments with which the server keeps the connection open.
     * @param url the URL, relative to the base URL
     * @param spec adds headers, limits, …; runs once
     * @return the events, read and waited for on the thread that consumes them; close it.
     * Interrupting that thread ends it with a
     * {@link dev.outbound.client.http.CancelledException}
     */
    Stream<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec);

    /**
     * Follow the server-sent events of a URL, as {@link #events(String, Consumer)} does.
     * @param url the URL, relative to the base URL; with values, a template
     * @param variables the values of the template's variables, in order
     * @return the events; close it
     */
    Stream<ServerSentEvent<String>> events(String url, Object... variables);

    default Response get(String url, Object... variables) {
        return request(HttpMethod.GET, url, variables);
    }

    default Response get(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.GET, url, spec);
    }

    default Response head(String url, Object... variables) {
        return request(HttpMethod.HEAD, url, variables);
    }

    default Response head(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.HEAD, url, spec);
    }

    default Response options(String url, Object... variables) {
        return request(HttpMethod.OPTIONS, url, variables);
    }

    default Response options(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.OPTIONS, url, spec);
    }

    default Response post(String url, Object... variables) {
        return request(HttpMethod.POST, url, variables);
    }

    default Response post(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.POST, url, spec);
    }

    default Response put(String url, Object... variables) {
        return request(HttpMethod.PUT, url, variables);
    }

    default Response put(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.PUT, url, spec);
    }

    default Response patch(String url, Object... variables) {
        return request(HttpMethod.PATCH, url, variables);
    }

    default Response patch(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.PATCH, url, spec);
    }

    default Response delete(String url, Object... variables) {
        return request(HttpMethod.DELETE, url, variables);
    }

    default Response delete(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.DELETE, url, spec);
    }

    /**
     * Return a client with the same engine and other settings. When the settings of this
     * client are changed at run time, those of the copy follow.
     * @param settings changes the settings of this client; called again on those that
     * hold after a change
     * @return another client; closing it does nothing
     */
    Client with(Consumer<ClientBuilder> settings);

    /**
     * Return the settings in use.
     * @return the settings
     */
    ClientSettings settings();

    /**
     * Return whether the engine behind this client was closed, by this client or by
     * whoever owns it. A closed client sends nothing any more.
     * @return whether it is closed
     */
    boolean isClosed();

    /**
     * Release the connections, where this client owns them: where it was built, and not
     * injected or derived. May be called more than once.
     */
    @Override
    void close();

    /**
     * Release the connections as {@link #close()} does, when the calls that are running
     * have ended or their time is over. Blocks until then; calls that begin meanwhile
     * fail.
     * @param grace how long calls may go on
     */
    void close(Duration grace);

}
