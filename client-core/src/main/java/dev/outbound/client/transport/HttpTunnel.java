package dev.outbound.client.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;

/**
 * {@code CONNECT} (RFC 9110, section 9.3.6). What the proxy answers instead of opening
 * the tunnel is never shown as the server's response; its body is not even read, but for
 * a short one before credentials are sent on the same connection.
 */
final class HttpTunnel implements Tunnel {

    /** More than that is not worth saving a connection for. */
    private static final long LONGEST_SKIPPED = 4 * 1024;

    /** An authentication that never gives up must end, too. */
    static final int MAX_ROUNDS = 5;

    private static final byte[] NOTHING = {};

    private final Proxy proxy;

    private final String target;

    private final Limits limits;

    private final ProxyAuthentication.Conversation conversation;

    private Request request;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    /** How long the line is that is being read. */
    private int line;

    private int informational;

    private long skipping;

    private int rounds;

    private boolean another;

    private boolean open;

    HttpTunnel(Proxy proxy, Url url, Limits limits) {
        this.proxy = proxy;
        this.target = Failures.peer(url);
        this.limits = limits;
        this.conversation = proxy.authentication().begin();
        this.request = this.conversation.start(Request.of(HttpMethod.valueOf("CONNECT"), proxy.url(), proxy.headers(),
                null, Timeouts.none(), null, Map.of(Request.TARGET, this.target)));
    }

    @Override
    public byte[] begin() {
        this.head.reset();
        this.line = 0;
        this.informational = 0;
        this.skipping = 0;
        this.another = false;
        return connect();
    }

    private byte[] connect() {
        StringBuilder text = new StringBuilder("CONNECT ").append(this.target)
            .append(" HTTP/1.1\r\nHost: ")
            .append(this.target)
            .append("\r\n");
        FieldLines fields = this.request.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.name(i).equalsIgnoreCase("Host")) {
                text.append(fields.name(i)).append(": ").append(fields.value(i)).append("\r\n");
            }
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] received(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !this.another) {
            if (this.open) {
                throw broken("it has sent something before the server could");
            }
            byte b = bytes.get();
            if (this.skipping > 0) {
                if (--this.skipping == 0) {
                    return connect();
                }
                continue;
            }
            this.head.write(b);
            if (this.head.size() > this.limits.head()) {
                throw broken("the head of its answer has more than " + this.limits.head() + " bytes");
            }
            if (b == '\n' && this.line == 0) {
                byte[] answer = answered(ProxyHead.parse(this.head.toString(StandardCharsets.ISO_8859_1)));
                if (answer.length > 0) {
                    return answer;
                }
            }
            this.line = (b == '\n') ? 0 : this.line + ((b == '\r') ? 0 : 1);
        }
        return NOTHING;
    }

    private byte[] answered(@Nullable ProxyHead answer) {
        this.head.reset();
        if (answer == null) {
            throw broken("its answer is not HTTP");
        }
        int status = answer.statusCode();
        if (status < 200) {
            if (status == 101 || ++this.informational > this.limits.informational()) {
                throw broken("its informational answers do not end");
            }
            return NOTHING;
        }
        if (status < 300) {
            this.open = true;
            return NOTHING;
        }
        Request next = (status == 407 && ++this.rounds <= MAX_ROUNDS) ? this.conversation.refused(this.request, answer)
                : null;
        if (next == null) {
            throw refusal(answer);
        }
        this.request = next;
        return again(answer);
    }

    private byte[] again(ProxyHead answer) {
        long length = answer.contentLength();
        if (!answer.keepsConnection() || length < 0 || length > LONGEST_SKIPPED) {
            this.another = true;
            return NOTHING;
        }
        this.skipping = length;
        return (length == 0) ? connect() : NOTHING;
    }

    private ProxyException refusal(ProxyHead answer) {
        return ProxyException.refusal(describeRefusal(this.proxy, answer.statusCode(), answer.reasonPhrase(),
                answer.fields(), " to open a tunnel to " + this.target));
    }

    static String describeRefusal(Proxy proxy, int status, String reason, FieldLines fields, String what) {
        String message = "the proxy " + proxy + " refused" + what + ": " + status
                + (reason.isEmpty() ? "" : " " + Failures.quote(reason));
        if (status != 407) {
            return message;
        }
        List<String> schemes = fields.all("Proxy-Authenticate")
            .stream()
            .map((challenge) -> challenge.strip().split("[ ,]", 2)[0].toLowerCase(Locale.ROOT))
            .distinct()
            .limit(8)
            .toList();
        return message + "; it asks for " + Failures.quote(String.join(", ", schemes)) + (proxy.hasCredentials()
                ? " and did not take the credentials it was given" : "; give the proxy credentials");
    }

    @Override
    public boolean isOpen() {
        return this.open;
    }

    @Override
    public boolean needsAnotherConnection() {
        return this.another;
    }

    private ProxyException broken(String how) {
        return new ProxyException("the proxy " + this.proxy + " did not open the tunnel to " + this.target + ": " + how,
                null);
    }

    @Override
    public ProxyException closed() {
        return broken("it closed the connection");
    }

}
