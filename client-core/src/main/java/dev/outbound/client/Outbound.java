package dev.outbound.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;

/**
 * One-off calls, for scripts and tests: {@code Outbound.get("https://…")}. They have the
 * defaults of {@link Client#builder()}, share one engine that is made by the first of
 * them and has daemon threads only, and remember no cookies.
 *
 * @since 0.1
 */
public final class Outbound {

    private static volatile @Nullable Session diversion;

    private Outbound() {
    }

    /**
     * For test tools: send all one-off calls of this process on another session, until
     * the returned handle is closed. Whoever diverts them tells apart whose they are.
     * Clients that were obtained from here before are not diverted.
     * @param session the session; it stays the caller's to close
     * @return puts the calls back on the engines
     * @throws IllegalStateException if they are diverted already
     */
    public static synchronized AutoCloseable divert(Session session) {
        Assert.notNull(session, "session must not be null");
        Assert.state(diversion == null, "The one-off calls are diverted already");
        diversion = session;
        return () -> diversion = null;
    }

    private static Session session() {
        Session diversion = Outbound.diversion;
        return (diversion != null) ? diversion : Shared.SESSION;
    }

    /**
     * Return the client behind the one-off calls.
     * @return a client without base URL; closing it does nothing
     */
    public static Client client() {
        return session().client();
    }

    /**
     * Return a reactive client for one-off calls.
     * @return a client without base URL; closing it does nothing
     */
    public static ReactiveClient reactive() {
        return session().reactiveClient();
    }

    public static Response request(HttpMethod method, String url, Object... variables) {
        return client().request(method, url, variables);
    }

    public static Response request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return client().request(method, url, spec);
    }

    public static Response get(String url, Object... variables) {
        return client().get(url, variables);
    }

    public static Response get(String url, Consumer<RequestSpec> spec) {
        return client().get(url, spec);
    }

    public static Response head(String url, Object... variables) {
        return client().head(url, variables);
    }

    public static Response head(String url, Consumer<RequestSpec> spec) {
        return client().head(url, spec);
    }

    public static Response options(String url, Object... variables) {
        return client().options(url, variables);
    }

    public static Response options(String url, Consumer<RequestSpec> spec) {
        return client().options(url, spec);
    }

    public static Response post(String url, Object... variables) {
        return client().post(url, variables);
    }

    public static Response post(String url, Consumer<RequestSpec> spec) {
        return client().post(url, spec);
    }

    public static Response put(String url, Object... variables) {
        return client().put(url, variables);
    }

    public static Response put(String url, Consumer<RequestSpec> spec) {
        return client().put(url, spec);
    }

    public static Response patch(String url, Object... variables) {
        return client().patch(url, variables);
    }

    public static Response patch(String url, Consumer<RequestSpec> spec) {
        return client().patch(url, spec);
    }

    public static Response delete(String url, Object... variables) {
        return client().delete(url, variables);
    }

    public static Response delete(String url, Consumer<RequestSpec> spec) {
        return client().delete(url, spec);
    }

    /**
     * Send a request and stream the response.
     * @param method the method
     * @param url an absolute URL
     * @param variables the values of the template's variables, in order
     * @return the response with its body unread; close it
     */
    public static StreamedResponse stream(HttpMethod method, String url, Object... variables) {
        return client().stream(method, url, variables);
    }

    /**
     * Send a request, give the streamed response to a function, and close it.
     * @param method the method
     * @param url an absolute URL
     * @param spec adds headers, a body, limits, …
     * @param reader reads the response
     * @return what the function returns
     */
    public static <T> T stream(HttpMethod method, String url, Consumer<RequestSpec> spec, StreamReader<T> reader) {
        return client().stream(method, url, spec, reader);
    }

    /** Made by the first call. */
    private static final class Shared {

        private static final Session SESSION = Client.builder().cookies(CookieJar.none()).session();

    }

}
