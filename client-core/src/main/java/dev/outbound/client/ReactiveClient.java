package dev.outbound.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;

/**
 * A client that does not block: everything {@link Client} says holds here. Thread-safe. A
 * call begins with a subscription, each with one of its own, and ends when that is
 * cancelled.
 *
 * <pre class="code">
 * Mono&lt;Repo&gt; repo = github.get("/repos/{o}/{n}", owner, name).map((r) -&gt; r.raiseForStatus().json(Repo.class));
 *
 * Flux&lt;Event&gt; events = github.stream(GET, "/events", (body) -&gt; body.lines().map(this::parse));
 * </pre>
 *
 * @since 0.1
 */
public interface ReactiveClient extends AutoCloseable {

    /**
     * Name of the attribute of a request with Reactor's context of the subscriber (a
     * {@link reactor.util.context.ContextView}), for schemes that authenticate by it. It
     * is there where the call is authenticated and the context is not empty.
     * @see dev.outbound.client.http.Request#attributes()
     */
    String SUBSCRIBER_CONTEXT = "dev.outbound.client.subscriberContext";

    /**
     * Return a builder for a client with settings and an engine of its own, to be ended
     * with {@code buildReactive()}.
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
    Mono<Response> request(HttpMethod method, String url, Object... variables);

    /**
     * Send a request that is described by a function.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …; runs once, before this method returns
     * @return the response, fully read
     */
    Mono<Response> request(HttpMethod method, String url, Consumer<RequestSpec> spec);

    /**
     * Send a request as it is: no default header, parameter or base URL is put to it.
     * Authentication, retries and redirects are the client's, authentication for its own
     * origin only.
     * @param request the request
     * @return the response, fully read
     */
    Mono<Response> send(Request request);

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
     * Send a request and stream the response through a function. The response is released
     * when the publisher that the function returns ends, fails or is cancelled.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param reader makes a publisher of the response
     * @return what that publisher gives
     */
    default <T> Flux<T> stream(HttpMethod method, String url,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return stream(method, url, (spec) -> {
        }, reader);
    }

    /**
     * Send a request that is described by a function and stream the response through
     * another.
     * @param method the method
     * @param url the URL, relative to the base URL
     * @param spec adds headers, a body, limits, …
     * @param reader makes a publisher of the response
     * @return what that publisher gives
     */
    <T> Flux<T> stream(HttpMethod method, String url, Consumer<RequestSpec> spec,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader);

    /**
     * Send a request as it is, as {@link #send(Request)} does, and stream the response
     * through a function.
     * @param request the request
     * @param reader makes a publisher of the response
     * @return what that publisher gives
     */
    <T> Flux<T> stream(Request request, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader);

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
     * @param spec adds headers, limits, …; runs once, before this method returns
     * @return the events; each subscription begins with a connection and no identifier
     */
    Flux<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec);

    /**
     * Follow the server-sent events of a URL, as {@link #events(String, Consumer)} does.
     * @param url the URL, relative to the base URL; with values, a template
     * @param variables the values of the template's variables, in order
     * @return the events
     */
    Flux<ServerSentEvent<String>> events(String url, Object... variables);

    default Mono<Response> get(String url, Object... variables) {
        return request(HttpMethod.GET, url, variables);
    }

    default Mono<Response> get(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.GET, url, spec);
    }

    default Mono<Response> head(String url, Object... variables) {
        return request(HttpMethod.HEAD, url, variables);
    }

    default Mono<Response> head(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.HEAD, url, spec);
    }

    default Mono<Response> options(String url, Object... variables) {
        return request(HttpMethod.OPTIONS, url, variables);
    }

    default Mono<Response> options(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.OPTIONS, url, spec);
    }

    default Mono<Response> post(String url, Object... variables) {
        return request(HttpMethod.POST, url, variables);
    }

    default Mono<Response> post(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.POST, url, spec);
    }

    default Mono<Response> put(String url, Object... variables) {
        return request(HttpMethod.PUT, url, variables);
    }

    default Mono<Response> put(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.PUT, url, spec);
    }

    default Mono<Response> patch(String url, Object... variables) {
        return request(HttpMethod.PATCH, url, variables);
    }

    default Mono<Response> patch(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.PATCH, url, spec);
    }

    default Mono<Response> delete(String url, Object... variables) {
        return request(HttpMethod.DELETE, url, variables);
    }

    default Mono<Response> delete(String url, Consumer<RequestSpec> spec) {
        return request(HttpMethod.DELETE, url, spec);
    }

    /**
     * Return a client with the same engine and other settings. When the settings of this
     * client are changed at run time, those of the copy follow.
     * @param settings changes the settings of this client; called again on those that
     * hold after a change
     * @return another client; closing it does nothing
     */
    ReactiveClient with(Consumer<ClientBuilder> settings);

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
