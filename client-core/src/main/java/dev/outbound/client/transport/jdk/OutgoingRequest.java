package dev.outbound.client.transport.jdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.IncomingHead;
import dev.outbound.client.transport.OutgoingHead;
import dev.outbound.client.transport.OutgoingHeadWriter;

/**
 * A request as the JDK's client is given it. For HTTP/1.1 that is a mark and a body only,
 * for the head is {@link Traffic}'s to write. Where HTTP/2 may be spoken the JDK writes
 * the head, so its rules hold.
 */
final class OutgoingRequest extends HttpRequest {

    /**
     * What the JDK writes itself, or has no place in HTTP/2 (RFC 9113, section 8.2.2).
     */
    private static final Set<String> OWN = Set.of("host", "connection", "content-length", "transfer-encoding",
            "keep-alive", "expect", "upgrade");

    private static final Set<String> FORBIDDEN = Set.of("connection", "transfer-encoding", "keep-alive", "upgrade",
            "proxy-connection");

    private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

    private final long number;

    private final Request request;

    private final OutgoingHead head;

    private final @Nullable Upload upload;

    private final boolean marked;

    private final boolean http2;

    private final URI uri;

    private final HttpHeaders headers;

    OutgoingRequest(long number, Request request, OutgoingHead head, @Nullable Upload upload, boolean marked,
            boolean http2) {
        this.number = number;
        this.request = request;
        this.upload = upload;
        this.marked = marked;
        this.http2 = http2;
        this.head = head;
        this.uri = uri(request, marked);
        this.headers = marked
                ? HttpHeaders.of(Map.of(Traffic.MARK, List.of(Long.toString(number))), (name, value) -> true)
                : http2Headers();
    }

    private static URI uri(Request request, boolean marked) {
        String scheme = request.url().scheme();
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new LocalProtocolException(
                    "'" + scheme + "' is not a scheme that can be requested; use http or https", null);
        }
        String host = request.url().host();
        if (host.isEmpty()) {
            throw new LocalProtocolException("the URL " + request.url().redacted() + " has no host", null);
        }
        if (request.method().name().equals("CONNECT")) {
            throw new LocalProtocolException("the JDK's client sends no CONNECT; use engine http-components or reactor",
                    null);
        }
        String literal = (host.indexOf(':') >= 0) ? "[" + host + "]" : host;
        // The JDK is to speak TLS always: Traffic passes there, with or without it.
        URI uri = URI.create("https://" + (marked ? literal + ":" + request.url().port() + "/"
                : request.url().authority() + request.url().toUri().getRawPath() + query(request)));
        if (uri.getHost() == null) {
            throw new LocalProtocolException(
                    "the JDK's client takes no host like " + host
                            + "; use engine http-components or reactor, or a name of letters, digits and hyphens",
                    null);
        }
        return uri;
    }

    private static String query(Request request) {
        String query = request.url().query();
        return (query != null) ? "?" + query : "";
    }

    long number() {
        return this.number;
    }

    /** Whether {@link Traffic} sees where this goes. */
    boolean isMarked() {
        return this.marked;
    }

    long bodyLength() {
        return this.head.bodyLength();
    }

    /**
     * Return the head for HTTP/1.1: the lines as they are, and what delimits the body.
     */
    byte[] head() {
        OutgoingHeadWriter writer = new OutgoingHeadWriter();
        writer.write(this.request.method().name(), this.request.url().target(), this.head);
        return Arrays.copyOf(writer.bytes(), writer.length());
    }

    private HttpHeaders http2Headers() {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.head.forEach((name, value) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                headers.computeIfAbsent(name, (it) -> new ArrayList<>()).add(value);
            }
            else {
                checkOwn(name, value);
            }
        });
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private void checkOwn(String name, String value) {
        boolean usual = switch (name.toLowerCase(Locale.ROOT)) {
            case "host" -> value.equalsIgnoreCase(this.request.url().authority());
            case "connection" -> value.equalsIgnoreCase("keep-alive");
            case "content-length", "transfer-encoding", "keep-alive" -> true;
            default -> false;
        };
        if (!usual) {
            throw new LocalProtocolException("engine jdk cannot send the header " + name + " where HTTP/2 may be"
                    + " spoken; leave it out, or use engine http-components or reactor", null);
        }
    }

    /**
     * Return the head that the JDK has read.
     * @throws RemoteProtocolException if it is one that HTTP/2 does not allow
     */
    IncomingHead head(HttpResponse.ResponseInfo response) {
        FieldLines.Builder fields = FieldLines.builder();
        if (response.version() == HttpClient.Version.HTTP_2) {
            response.headers().map().forEach(OutgoingRequest::check);
        }
        response.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":")) {
                values.forEach((value) -> fields.append(name, value));
            }
        });
        String version = (response.version() == HttpClient.Version.HTTP_2) ? "HTTP/2" : "HTTP/1.1";
        return new IncomingHead(response.statusCode(), "", version, fields.build());
    }

    /** What RFC 9113, section 8.2 forbids and the JDK lets pass. */
    private static void check(String name, List<String> values) {
        boolean pseudo = name.startsWith(":");
        if (pseudo ? !name.equals(":status") || values.size() > 1
                : !name.equals(name.toLowerCase(Locale.ROOT)) || FORBIDDEN.contains(name)) {
            throw malformed("the field " + Failures.quote(name));
        }
        // RFC 9110, section 15; the JDK takes any number.
        if (pseudo && !STATUS.matcher(values.get(0)).matches()) {
            throw malformed("the status " + Failures.quote(values.get(0)));
        }
        for (String value : values) {
            if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
                throw malformed("a control character in the value of " + Failures.quote(name));
            }
        }
    }

    private static RemoteProtocolException malformed(String what) {
        return new RemoteProtocolException(Phase.HEAD, "the server sent " + what + ", which HTTP/2 does not allow",
                null);
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return Optional.ofNullable(this.upload);
    }

    /** The JDK repeats no POST by itself, and takes its answer to have a body. */
    @Override
    public String method() {
        return this.marked ? "POST" : this.request.method().name();
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.empty();
    }

    @Override
    public boolean expectContinue() {
        return false;
    }

    @Override
    public URI uri() {
        return this.uri;
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return Optional.of(this.http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    }

    @Override
    public HttpHeaders headers() {
        return this.headers;
    }

}
