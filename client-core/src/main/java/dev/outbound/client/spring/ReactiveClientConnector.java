package dev.outbound.client.spring;

import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.WebClient;

import dev.outbound.client.ReactiveClient;
import dev.outbound.client.RequestSpec;
import dev.outbound.client.http.Url;

/**
 * Sends what Spring's {@code WebClient} asks for through a {@link ReactiveClient}, with
 * all that it does: its headers and parameters, authentication, redirects, retries,
 * cookies, content codings, time limits, statistics.
 *
 * <pre class="code">
 * WebClient webClient = ReactiveClientConnector.of(github).applyTo(WebClient.builder()).build();
 * </pre>
 *
 * A body that Spring gives as a {@code Mono}, as it does for values and forms, is one
 * buffer in memory and can be sent again; one that is a {@code Flux} is sent once. A
 * response is a streamed one: {@code total} ends with its head, {@code stream-total} with
 * its body.
 * <p>
 * A failed call ends with a {@link dev.outbound.client.http.ClientException}, which
 * {@code WebClient} makes a {@code WebClientRequestException} of. Thread-safe.
 *
 * @since 0.1
 */
public final class ReactiveClientConnector implements ClientHttpConnector {

    private static final String URI_TEMPLATE = WebClient.class.getName() + ".uriTemplate";

    private final ReactiveClient client;

    private final @Nullable Url baseUrl;

    private ReactiveClientConnector(ReactiveClient client) {
        this.client = client;
        this.baseUrl = client.settings().baseUrl();
    }

    /**
     * Create a connector over a client, which stays its owner's.
     * @param client sends the requests
     * @return the connector
     */
    public static ReactiveClientConnector of(ReactiveClient client) {
        Assert.notNull(client, "client must not be null");
        return new ReactiveClientConnector(client);
    }

    /**
     * Let a builder make faces of the client: sets this connector, the client's base URL,
     * its limit of bodies in memory, and an observation convention with the client's
     * name. Headers and parameters are put to each request by the client and not by the
     * builder. What it builds follows when the client's settings are changed, its base
     * URL included; only the limit of bodies in memory stays as it was then.
     * @param builder the builder
     * @return the builder
     */
    public WebClient.Builder applyTo(WebClient.Builder builder) {
        Assert.notNull(builder, "builder must not be null");
        if (this.baseUrl != null) {
            builder.baseUrl(this.baseUrl.text());
        }
        int limit = (int) Math.min(this.client.settings().limits().body(), Integer.MAX_VALUE);
        return builder.clientConnector(this)
            .codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(limit))
            .observationConvention(new ReactiveClientRequestConvention(this.client.settings()));
    }

    @Override
    public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
            Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        Assert.notNull(method, "method must not be null");
        Assert.notNull(uri, "uri must not be null");
        Assert.notNull(requestCallback, "requestCallback must not be null");
        return Mono.deferContextual((context) -> {
            CommittedRequest request = new CommittedRequest(method, uri);
            return requestCallback.apply(request).then(Mono.defer(() -> send(request, context)));
        });
    }

    /**
     * The response outlives the publisher that gives it: the call goes on to the end of
     * its body.
     */
    private Mono<ClientHttpResponse> send(CommittedRequest request, ContextView context) {
        AtomicReference<@Nullable OpenResponse> open = new AtomicReference<>();
        Flux<OpenResponse> call = this.client.stream(request.getMethod(), request.getURI().toString(),
                (spec) -> describe(spec, request, context), (response) -> {
                    OpenResponse opened = new OpenResponse(response);
                    open.set(opened);
                    return Flux.concat(Mono.just(opened), opened.end());
                });
        Mono<ClientHttpResponse> response = Mono.create((sink) -> sink
            .onCancel(call.contextWrite(context).subscribe(sink::success, sink::error, sink::success)));
        return response.doOnCancel(() -> {
            OpenResponse unread = open.get();
            if (unread != null) {
                unread.releaseUnread();
            }
        });
    }

    private void describe(RequestSpec spec, CommittedRequest request, ContextView context) {
        request.describe(spec);
        // What a status means is told by the handlers of WebClient.
        spec.raiseForStatus(false);
        spec.madeWith(this.baseUrl);
        String template = Templates.relative(request.getAttributes().get(URI_TEMPLATE), this.baseUrl);
        if (template != null) {
            spec.template(template);
        }
        Observation observation = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
        if (observation != null && observation.getContextView() instanceof ClientRequestObservationContext) {
            spec.observation(observation);
        }
    }

    @Override
    public String toString() {
        return "ReactiveClientConnector[" + this.client + "]";
    }

}
