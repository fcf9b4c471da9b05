package dev.outbound.mock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;

/**
 * What a route answers with: a response, a failure, or somebody else's response; and how
 * long it takes. Immutable, each method returns another reply. One reply may answer any
 * number of requests.
 *
 * <pre class="code">
 * Reply.of(503).header("Retry-After", "2")
 * Reply.ok().json("""
 *     {"id": "c1"}""").delayHead(Duration.ofSeconds(3))
 * Reply.of(Fault.refused())
 * </pre>
 *
 * @since 0.1
 */
public final class Reply {

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private static final Reply OK = new Reply(200, "", "HTTP/1.1", FieldLines.empty(), new byte[0], Map.of(), null,
            null);

    private final int status;

    private final String reasonPhrase;

    private final String httpVersion;

    private final FieldLines fields;

    private final byte[] body;

    private final Map<Phase, Duration> delays;

    private final @Nullable Fault fault;

    private final @Nullable Upstream upstream;

    private Reply(int status, String reasonPhrase, String httpVersion, FieldLines fields, byte[] body,
            Map<Phase, Duration> delays, @Nullable Fault fault, @Nullable Upstream upstream) {
        this.status = status;
        this.reasonPhrase = reasonPhrase;
        this.httpVersion = httpVersion;
        this.fields = fields;
        this.body = body;
        this.delays = delays;
        this.fault = fault;
        this.upstream = upstream;
    }

    /**
     * Return an empty response with status 200.
     * @return the reply
     */
    public static Reply ok() {
        return OK;
    }

    /**
     * Return an empty response.
     * @param status its status code
     * @return the reply
     */
    public static Reply of(int status) {
        return OK.status(status);
    }

    /**
     * Return a fault before there is a response.
     * @param fault what goes wrong
     * @return the reply
     */
    public static Reply of(Fault fault) {
        return OK.fault(fault);
    }

    /**
     * Return a failure of the transport as it is.
     * @param failure makes what is thrown, anew for each request
     * @return the reply
     */
    public static Reply failure(Function<SentRequest, ? extends RuntimeException> failure) {
        Assert.notNull(failure, "failure must not be null");
        return OK.fault(Fault.of(failure));
    }

    /**
     * Return the answer of the real server: the request goes out on the engine of the
     * class path, or on the router's {@link MockRouter#passThroughTo transports}.
     * @return the reply
     */
    public static Reply passThrough() {
        return from(Upstream.REAL);
    }

    /**
     * Return the answer of another upstream, for example an application in this process.
     * @param upstream who answers
     * @return the reply
     */
    public static Reply from(Upstream upstream) {
        Assert.notNull(upstream, "upstream must not be null");
        return new Reply(OK.status, OK.reasonPhrase, OK.httpVersion, OK.fields, OK.body, Map.of(), null, upstream);
    }

    /**
     * Return this reply with another status.
     * @param status 100 to 999
     * @return another reply
     */
    public Reply status(int status) {
        Assert.isTrue(status >= 100 && status <= 999, () -> "status must be 100 to 999, but is " + status);
        return new Reply(status, this.reasonPhrase, this.httpVersion, this.fields, this.body, this.delays, this.fault,
                this.upstream);
    }

    public Reply reasonPhrase(String reasonPhrase) {
        Assert.notNull(reasonPhrase, "reasonPhrase must not be null");
        return new Reply(this.status, reasonPhrase, this.httpVersion, this.fields, this.body, this.delays, this.fault,
                this.upstream);
    }

    /**
     * Return this reply in another version of HTTP.
     * @param httpVersion for example {@code HTTP/2}
     * @return another reply
     */
    public Reply httpVersion(String httpVersion) {
        Assert.hasText(httpVersion, "httpVersion must not be empty");
        return new Reply(this.status, this.reasonPhrase, httpVersion, this.fields, this.body, this.delays, this.fault,
                this.upstream);
    }

    /**
     * Return this reply with one more field line.
     * @param name the name
     * @param value the value
     * @return another reply
     * @throws IllegalArgumentException if name or value is not allowed in a message
     */
    public Reply header(String name, String value) {
        FieldLines.Builder fields = FieldLines.builder();
        this.fields.forEach(fields::add);
        return fields(fields.add(name, value).build());
    }

    /**
     * Return this reply with a cookie that it sets.
     * @param cookie name, value and attributes
     * @return another reply
     */
    public Reply cookie(SetCookie cookie) {
        Assert.notNull(cookie, "cookie must not be null");
        return header(HttpHeaders.SET_COOKIE, cookie.text());
    }

    private Reply fields(FieldLines fields) {
        return new Reply(this.status, this.reasonPhrase, this.httpVersion, fields, this.body, this.delays, this.fault,
                this.upstream);
    }

    /**
     * Return this reply with a body.
     * @param body the bytes; not copied
     * @return another reply
     */
    public Reply body(byte[] body) {
        Assert.notNull(body, "body must not be null");
        return new Reply(this.status, this.reasonPhrase, this.httpVersion, this.fields, body, this.delays, this.fault,
                this.upstream);
    }

    /**
     * Return this reply with a body of a type, unless a header names another one.
     * @param body the bytes; not copied
     * @param contentType the type
     * @return another reply
     */
    public Reply body(byte[] body, MediaType contentType) {
        Reply reply = body(body);
        return this.fields.contains(HttpHeaders.CONTENT_TYPE) ? reply
                : reply.header(HttpHeaders.CONTENT_TYPE, contentType.toString());
    }

    public Reply text(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8), new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
    }

    public Reply html(String html) {
        return body(html.getBytes(StandardCharsets.UTF_8), new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8));
    }

    /**
     * Return this reply with a body of JSON.
     * @param value a text that is JSON, or anything that is written as JSON
     * @return another reply
     * @throws IllegalArgumentException if the text is not JSON
     */
    public Reply json(Object value) {
        if (value instanceof String text) {
            Json.tree(text);
        }
        String json = (value instanceof String text) ? text : Json.write(value);
        return body(json.getBytes(StandardCharsets.UTF_8), MediaType.APPLICATION_JSON);
    }

    /**
     * Return this reply with the body that it has compressed.
     * @return another reply, with {@code Content-Encoding: gzip}
     */
    public Reply gzip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(this.body);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return body(bytes.toByteArray()).header(HttpHeaders.CONTENT_ENCODING, "gzip");
    }

    /**
     * Return this reply after a time to connect. If the client's {@code connect} limit is
     * shorter, connecting fails when it is over.
     * @param delay how long it takes
     * @return another reply
     */
    public Reply delayConnect(Duration delay) {
        return delay(Phase.CONNECT, delay);
    }

    /**
     * Return this reply after a time for the TLS handshake, subject to the client's
     * {@code tls} limit.
     * @param delay how long it takes
     * @return another reply
     */
    public Reply delayTls(Duration delay) {
        return delay(Phase.TLS, delay);
    }

    /**
     * Return this reply with a time before its head, subject to the client's {@code read}
     * limit.
     * @param delay how long it takes
     * @return another reply
     */
    public Reply delayHead(Duration delay) {
        return delay(Phase.HEAD, delay);
    }

    /**
     * Return this reply with a time between head and body, subject to the client's
     * {@code read} limit.
     * @param delay how long it takes
     * @return another reply
     */
    public Reply delayBody(Duration delay) {
        return delay(Phase.BODY, delay);
    }

    private Reply delay(Phase phase, Duration delay) {
        Assert.notNull(delay, "delay must not be null");
        Assert.isTrue(!delay.isNegative(), () -> "delay must not be negative, but is " + delay);
        Map<Phase, Duration> delays = new EnumMap<>(Phase.class);
        delays.putAll(this.delays);
        delays.put(phase, delay);
        return new Reply(this.status, this.reasonPhrase, this.httpVersion, this.fields, this.body, Map.copyOf(delays),
                this.fault, this.upstream);
    }

    /**
     * Return this reply with a fault.
     * @param fault what goes wrong on the way
     * @return another reply
     */
    public Reply fault(Fault fault) {
        Assert.notNull(fault, "fault must not be null");
        return new Reply(this.status, this.reasonPhrase, this.httpVersion, this.fields, this.body, this.delays, fault,
                this.upstream);
    }

    public int status() {
        return this.status;
    }

    String reasonPhrase() {
        return this.reasonPhrase;
    }

    String httpVersion() {
        return this.httpVersion;
    }

    FieldLines fields() {
        return this.fields;
    }

    /** Return the field lines as a server sends them, which knows the length. */
    FieldLines sentFields() {
        boolean framed = this.body.length == 0 || this.fields.contains(HttpHeaders.CONTENT_LENGTH)
                || this.fields.contains(HttpHeaders.TRANSFER_ENCODING);
        return framed ? this.fields : this.fields.with(HttpHeaders.CONTENT_LENGTH, String.valueOf(this.body.length));
    }

    /** Return the length that the head announces, or -1. */
    long announcedLength() {
        FieldLines fields = sentFields();
        String length = fields.first(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return fields.contains(HttpHeaders.TRANSFER_ENCODING) ? -1 : 0;
        }
        return LENGTH.matcher(length).matches() ? Long.parseLong(length) : -1;
    }

    byte[] body() {
        return this.body;
    }

    @Nullable Duration delay(Phase phase) {
        return this.delays.get(phase);
    }

    @Nullable Fault fault() {
        return this.fault;
    }

    @Nullable Upstream upstream() {
        return this.upstream;
    }

    @Override
    public String toString() {
        if (this.upstream != null) {
            return this.upstream.toString();
        }
        return (this.fault != null && this.fault.isInsteadOfHead()) ? this.fault.toString() : "status " + this.status;
    }

}
