package dev.outbound.client.transport.spring;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.util.function.Consumer;

import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.http.HttpCookieStore;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

import dev.outbound.client.ClientBuilder;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

/**
 * An engine of Spring's behind an adapter, with everything switched off that belongs to
 * the client: redirects, cookies, retries, decompression.
 */
enum Adapter {

    SIMPLE_FACTORY("SimpleClientHttpRequestFactory") {

        @Override
        Running start() {
            return factory(new SimpleClientHttpRequestFactory() {

                @Override
                protected void prepareConnection(HttpURLConnection connection, String method) throws IOException {
                    super.prepareConnection(connection, method);
                    connection.setInstanceFollowRedirects(false);
                }

            }, () -> {
            });
        }

    },

    JDK_FACTORY("JdkClientHttpRequestFactory") {

        @Override
        Running start() {
            JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(jdk());
            factory.enableCompression(false);
            return factory(factory, () -> {
            });
        }

    },

    HTTP_COMPONENTS_FACTORY("HttpComponentsClientHttpRequestFactory") {

        @Override
        Running start() {
            CloseableHttpClient client = HttpClients.custom()
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
            return factory(new HttpComponentsClientHttpRequestFactory(client), client);
        }

    },

    JETTY_FACTORY("JettyClientHttpRequestFactory") {

        @Override
        Running start() throws Exception {
            org.eclipse.jetty.client.HttpClient client = jetty();
            return factory(new JettyClientHttpRequestFactory(client), client::stop);
        }

    },

    REACTOR_FACTORY("ReactorClientHttpRequestFactory") {

        @Override
        Running start() {
            ConnectionProvider connections = ConnectionProvider.create("adapter");
            return factory(new ReactorClientHttpRequestFactory(netty(connections)), connections::dispose);
        }

    },

    JDK_CONNECTOR("JdkClientHttpConnector") {

        @Override
        Running start() {
            return connector(new JdkClientHttpConnector(jdk()), () -> {
            });
        }

    },

    HTTP_COMPONENTS_CONNECTOR("HttpComponentsClientHttpConnector") {

        @Override
        Running start() {
            CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
            return connector(new HttpComponentsClientHttpConnector(client), client);
        }

    },

    JETTY_CONNECTOR("JettyClientHttpConnector") {

        @Override
        Running start() throws Exception {
            org.eclipse.jetty.client.HttpClient client = jetty();
            return connector(new JettyClientHttpConnector(client), client::stop);
        }

    },

    REACTOR_CONNECTOR("ReactorClientHttpConnector") {

        @Override
        Running start() {
            ConnectionProvider connections = ConnectionProvider.create("adapter");
            return connector(new ReactorClientHttpConnector(netty(connections)), connections::dispose);
        }

    };

    private final String text;

    Adapter(String text) {
        this.text = text;
    }

    /** Start an engine of its own. */
    abstract Running start() throws Exception;

    private static Running factory(ClientHttpRequestFactory factory, AutoCloseable engine) {
        return new Running(Lane.BLOCKING, (builder) -> builder.transport(RequestFactoryTransport.of(factory)), engine);
    }

    private static Running connector(ClientHttpConnector connector, AutoCloseable engine) {
        return new Running(Lane.REACTIVE, (builder) -> builder.reactiveTransport(ConnectorTransport.of(connector)),
                engine);
    }

    private static HttpClient jdk() {
        return HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    }

    private static org.eclipse.jetty.client.HttpClient jetty() throws Exception {
        org.eclipse.jetty.client.HttpClient client = new org.eclipse.jetty.client.HttpClient();
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(null);
        client.start();
        client.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
        client.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        client.getContentDecoderFactories().clear();
        return client;
    }

    private static reactor.netty.http.client.HttpClient netty(ConnectionProvider connections) {
        return reactor.netty.http.client.HttpClient.create(connections)
            .followRedirect(false)
            .compress(false)
            .disableRetry(true);
    }

    @Override
    public String toString() {
        return this.text;
    }

    /**
     * An engine in use.
     *
     * @param lane its kind of calls
     * @param transport gives it to a client
     * @param engine what to close behind the client
     */
    record Running(Lane lane, Consumer<ClientBuilder> transport, AutoCloseable engine) implements AutoCloseable {

        LaneClient client(String url) {
            return this.lane.client((builder) -> this.transport.accept(builder.baseUrl(url)));
        }

        @Override
        public void close() {
            try {
                this.engine.close();
            }
            catch (Exception ex) {
                throw new IllegalStateException("The engine cannot be closed", ex);
            }
        }

    }

}
