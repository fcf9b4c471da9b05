package dev.outbound.client.httpx;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.CookieConflictException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.LocalProtocolException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.NetworkException;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ProtocolException;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StatusException;
import dev.outbound.client.http.TlsException;
import dev.outbound.client.http.TooManyRedirectsException;
import dev.outbound.client.http.TransportException;
import dev.outbound.client.http.WriteTimeoutException;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class A16ExceptionsTests extends AbstractFeatureTests {

    private static final String URL = "http://shop.test/a";

    private static void assertKinds(Class<?> parent, Class<?>... children) {
        assertThat(List.of(children)).allSatisfy((child) -> assertThat(child).isAssignableTo(parent));
    }

    @Test
    @DisplayName("A16 tree: everything but a status is a RequestException")
    void tree() {
        assertKinds(RuntimeException.class, ClientException.class);
        assertKinds(ClientException.class, RequestException.class, StatusException.class);
        assertKinds(RequestException.class, TransportException.class, DecodingException.class,
                TooManyRedirectsException.class);
        assertKinds(TransportException.class, ClientTimeoutException.class, NetworkException.class, TlsException.class,
                ProtocolException.class, ProxyException.class);
        assertKinds(ClientTimeoutException.class, ConnectTimeoutException.class, ReadTimeoutException.class,
                WriteTimeoutException.class, PoolTimeoutException.class);
        assertKinds(NetworkException.class, ConnectionFailedException.class, ConnectionLostException.class,
                NameResolutionException.class);
        assertKinds(ProtocolException.class, LocalProtocolException.class, RemoteProtocolException.class);
        assertThat(RequestException.class.isAssignableFrom(StatusException.class)).isFalse();
    }

    @Test
    @DisplayName("A16 outside the tree: mistakes of the program, and nothing that a stream could be read in wrongly")
    void outsideTheTree() {
        assertKinds(IllegalArgumentException.class, InvalidUrlException.class);
        assertKinds(IllegalStateException.class, CookieConflictException.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A16 mapping: the most specific kind, with the engine's exception as its cause")
    void mapping(Lane lane) {
        RawServer closed = RawServer.start((connection) -> connection.hold());
        closed.close();
        try (LaneClient client = lane.client((builder) -> {
        })) {
            assertThatExceptionOfType(ConnectionFailedException.class).isThrownBy(() -> client.get(closed.url()))
                .havingCause()
                .isInstanceOf(java.io.IOException.class);
            assertThatExceptionOfType(NameResolutionException.class)
                .isThrownBy(() -> client.get("http://no-such-host.invalid/"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A16 .request: a failure tells the call: method, URL, client, attempt, phase and time")
    void context(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("not gzip", "Content-Encoding: gzip"));
        LaneClient client = client(lane, (builder) -> builder.name("shop"));
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> client.get(URL)).satisfies((ex) -> {
            assertThat(ex.context()).isNotNull();
            assertThat(ex.context().method()).isEqualTo("GET");
            assertThat(ex.context().uri()).isEqualTo(URL);
            assertThat(ex.context().clientName()).isEqualTo("shop");
            assertThat(ex.context().attempt()).isEqualTo(1);
            assertThat(ex.phase()).isNotNull();
        }).withMessageStartingWith("GET http://shop.test/a of client 'shop'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A16 .response: of a StatusException only")
    void response(Lane lane) {
        this.upstream = FakeUpstream.answering(status(404).withBody("no such thing"));
        Response response = client(lane).get(URL);
        assertThatExceptionOfType(StatusException.class).isThrownBy(response::raiseForStatus).satisfies((ex) -> {
            assertThat(ex.response()).isSameAs(response);
            assertThat(ex.statusCode()).isEqualTo(404);
        });
    }

    @Test
    @DisplayName("A16 timeouts are transport errors: redirects and decoding are not")
    void transportErrors() {
        assertKinds(TransportException.class, ClientTimeoutException.class);
        assertThat(List.of(TooManyRedirectsException.class, DecodingException.class))
            .noneMatch(TransportException.class::isAssignableFrom);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A16 stream misuse texts: a Response is read, so there is none; a stream says that it is there once")
    void streamMisuse(Lane lane) {
        Response response = client(lane).get(URL);
        assertThat(response.text()).isEqualTo(response.text());
        assertThat(response.lines()).isEqualTo(response.lines());
        assertThatIllegalStateException().isThrownBy(() -> client(lane).read(URL, (stream) -> {
            stream.bytes().toList();
            return stream.lines();
        }, (stream) -> stream.lines().thenMany(stream.lines())))
            .withMessageContaining("was read, or given out to be read, before");
    }

}
