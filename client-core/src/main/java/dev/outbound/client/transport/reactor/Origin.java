package dev.outbound.client.transport.reactor;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.AddressUtils;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Route;

/**
 * One scheme, host and port, with Reactor Netty's client prepared for it: what is the
 * same in all calls is copied once, and no URL is parsed again.
 */
final class Origin {

    private static final int MAX_METHODS = 32;

    private final Key key;

    private final Route route;

    private final boolean shared;

    private final InetSocketAddress address;

    private final HttpClient client;

    private final Map<HttpMethod, HttpClient.ResponseReceiver<?>> receivers = new ConcurrentHashMap<>(4);

    private volatile boolean used = true;

    Origin(Key key, Route route, HttpClient client) {
        this.key = key;
        this.route = route;
        this.shared = ReactorTransport.speaksHttp2(client);
        // A zone is escaped in a URL (RFC 6874), and not in an address.
        this.address = AddressUtils.createUnresolved(key.host().replace("%25", "%"), key.port());
        this.client = client.remoteAddress(() -> this.address);
    }

    /**
     * Return what sends the request of a {@link Call}, which is looked up in the context.
     */
    Flux<Void> exchange(HttpMethod method, String target) {
        HttpClient.ResponseReceiver<?> receiver = this.receivers.get(method);
        if (receiver == null) {
            receiver = this.client.request(io.netty.handler.codec.http.HttpMethod.valueOf(method.name()))
                .send(Call.SEND);
            if (this.receivers.size() < MAX_METHODS) {
                this.receivers.put(method, receiver);
            }
        }
        // A target begins with a slash: Reactor Netty takes it as it is.
        return receiver.uri(target).responseConnection(Call.RECEIVE);
    }

    Key key() {
        return this.key;
    }

    Route route() {
        return this.route;
    }

    /** Whether calls may share a connection, as streams of HTTP/2 do. */
    boolean isShared() {
        return this.shared;
    }

    InetSocketAddress address() {
        return this.address;
    }

    void used() {
        if (!this.used) {
            this.used = true;
        }
    }

    boolean unusedSinceLastAsked() {
        boolean unused = !this.used;
        this.used = false;
        return unused;
    }

    record Key(String scheme, String host, int port) {

        static Key of(Url url) {
            return new Key(url.scheme(), url.host(), url.port());
        }

        boolean fits(Url url) {
            return this.port == url.port() && this.host.equals(url.host()) && this.scheme.equals(url.scheme());
        }

        boolean isSecure() {
            return this.scheme.equals("https");
        }

        @Override
        public String toString() {
            return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
        }

    }

}
