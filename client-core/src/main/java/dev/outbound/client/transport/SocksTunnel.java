package dev.outbound.client.transport;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.Url;

/**
 * SOCKS 5 (RFC 1928) with user name and password (RFC 1929). Names go to the proxy as
 * they are, with both schemes: who uses a proxy does not want to ask its own DNS.
 */
final class SocksTunnel implements Tunnel {

    private static final byte VERSION = 5;

    private static final byte NO_AUTHENTICATION = 0;

    private static final byte PASSWORD = 2;

    private static final byte CONNECT = 1;

    private static final byte[] NOTHING = {};

    private static final int LONGEST_REPLY = 4 + 1 + 255 + 2;

    private enum Expected {

        METHOD, VERDICT, REPLY, NOTHING

    }

    private final Proxy proxy;

    private final Url url;

    private final ByteBuffer received = ByteBuffer.allocate(LONGEST_REPLY);

    private Expected expected = Expected.METHOD;

    SocksTunnel(Proxy proxy, Url url) {
        if (url.host().length() > 255) {
            throw new LocalProtocolException("a host name of more than 255 characters does not fit into SOCKS", null);
        }
        this.proxy = proxy;
        this.url = url;
    }

    @Override
    public byte[] begin() {
        this.expected = Expected.METHOD;
        this.received.clear();
        // Without credentials only what needs none is offered, and the other way round:
        // they are configured to be used.
        return new byte[] { VERSION, 1, (this.proxy.username() != null) ? PASSWORD : NO_AUTHENTICATION };
    }

    @Override
    public byte[] received(ByteBuffer bytes) {
        byte[] answer = NOTHING;
        while (bytes.hasRemaining()) {
            if (this.expected == Expected.NOTHING) {
                throw broken("it has sent more than was asked for");
            }
            this.received.put(bytes.get());
            if (this.received.position() == length()) {
                byte[] reply = Arrays.copyOf(this.received.array(), this.received.position());
                this.received.clear();
                answer = answer(reply);
            }
        }
        return answer;
    }

    /** How long the reply is, as far as that is known by now. */
    private int length() {
        if (this.expected != Expected.REPLY) {
            return 2;
        }
        if (this.received.position() < 5) {
            // A refusal may be cut behind its code.
            return (this.received.position() == 2 && this.received.get(1) != 0) ? 2 : 5;
        }
        return switch (this.received.get(3)) {
            case 1 -> 4 + 4 + 2;
            case 4 -> 4 + 16 + 2;
            case 3 -> 4 + 1 + (this.received.get(4) & 0xff) + 2;
            default -> throw broken("it has bound an address of an unknown type");
        };
    }

    private byte[] answer(byte[] reply) {
        return switch (this.expected) {
            case METHOD -> method(reply);
            case VERDICT -> verdict(reply);
            case REPLY -> reply(reply);
            case NOTHING -> throw new IllegalStateException("Nothing more was expected");
        };
    }

    private byte[] method(byte[] reply) {
        checkVersion(reply[0], VERSION);
        String username = this.proxy.username();
        if (reply[1] == NO_AUTHENTICATION && username == null) {
            return request();
        }
        if (reply[1] == PASSWORD && username != null) {
            this.expected = Expected.VERDICT;
            ByteArrayOutputStream credentials = new ByteArrayOutputStream();
            credentials.write(1);
            writeText(credentials, username);
            writeText(credentials, this.proxy.password());
            return credentials.toByteArray();
        }
        throw ProxyException
            .refusal("the proxy " + this.proxy + " refused " + ((username != null) ? "to take user name and password"
                    : "a client without credentials; give the proxy a user name and a password"));
    }

    private static void writeText(ByteArrayOutputStream out, @Nullable String text) {
        byte[] bytes = (text != null) ? text.getBytes(StandardCharsets.UTF_8) : NOTHING;
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    private byte[] verdict(byte[] reply) {
        checkVersion(reply[0], (byte) 1);
        if (reply[1] != 0) {
            throw ProxyException.refusal("the proxy " + this.proxy + " refused the user name or the password");
        }
        return request();
    }

    private void checkVersion(byte version, byte expected) {
        if (version != expected) {
            throw broken("it does not speak SOCKS 5");
        }
    }

    private byte[] request() {
        this.expected = Expected.REPLY;
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] { VERSION, CONNECT, 0 });
        InetAddress address = AddressRange.literal(this.url.host());
        if (address != null) {
            byte[] bytes = address.getAddress();
            request.write((bytes.length == 4) ? 1 : 4);
            request.writeBytes(bytes);
        }
        else {
            request.write(3);
            writeText(request, this.url.host());
        }
        request.write(this.url.port() >>> 8);
        request.write(this.url.port());
        return request.toByteArray();
    }

    private byte[] reply(byte[] reply) {
        checkVersion(reply[0], VERSION);
        if (reply[1] != 0) {
            String message = "the proxy " + this.proxy + " did not connect to " + Failures.peer(this.url) + ": "
                    + reason(reply[1] & 0xff);
            throw (reply[1] == 2 || reply[1] == 7 || reply[1] == 8) ? ProxyException.refusal(message)
                    : new ProxyException(message, null);
        }
        this.expected = Expected.NOTHING;
        return NOTHING;
    }

    /** RFC 1928, section 6, in the words of HTTPX. */
    private static String reason(int code) {
        return switch (code) {
            case 1 -> "general SOCKS server failure";
            case 2 -> "connection not allowed by ruleset";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "TTL expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "code " + code;
        };
    }

    @Override
    public boolean isOpen() {
        return this.expected == Expected.NOTHING;
    }

    private ProxyException broken(String how) {
        return new ProxyException("the proxy " + this.proxy + " broke the rules of SOCKS: " + how, null);
    }

    @Override
    public ProxyException closed() {
        return new ProxyException(
                "the proxy " + this.proxy + " closed the connection before it led to " + Failures.peer(this.url), null);
    }

}
