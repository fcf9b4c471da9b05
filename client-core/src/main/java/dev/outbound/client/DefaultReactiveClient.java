package dev.outbound.client;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.transport.ReactiveTransport;

final class DefaultReactiveClient implements ReactiveClient {

    private final Session session;

    private final ClientSettings settings;

    private final Exchange.Policies policies;

    private final boolean owner;

    DefaultReactiveClient(Session session, ClientSettings settings, boolean owner) {
        this.session = session;
        this.settings = settings;
        this.policies = session.policies(settings);
        this.owner = owner;
    }

    @Override
    public Mono<Response> request(HttpMethod method, String url, Object... variables) {
        return call(Call.of(this.settings, this.policies, method, url, variables));
    }

    @Override
    public Mono<Response> request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return call(Call.of(this.settings, this.policies, method, url, spec));
    }

    @Override
    public Mono<Response> send(Request request) {
        return call(Call.of(this.settings, this.policies, request));
    }

    @Override
    public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return Call.of(this.settings, this.policies, method, url, spec).request();
    }

    @Override
    public <T> Flux<T> stream(HttpMethod method, String url, Consumer<RequestSpec> spec,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return raised(Call.of(this.settings, this.policies, method, url, spec), reader);
    }

    @Override
    public <T> Flux<T> stream(Request request, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return raised(Call.of(this.settings, this.policies, request), reader);
    }

    @Override
    public Flux<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec) {
        return events(Call.of(this.settings, this.policies, HttpMethod.GET, url, spec));
    }

    @Override
    public Flux<ServerSentEvent<String>> events(String url, Object... variables) {
        return events(Call.of(this.settings, this.policies, HttpMethod.GET, url, variables));
    }

    private Flux<ServerSentEvent<String>> events(Call call) {
        return EventFlux.of(
                () -> new Reconnection(call.request(), this.policies.reading().limit(), this.policies.random()),
                (request, reader) -> stream(call.with(request), reader), this.session.clock());
    }

    private <T> Flux<T> raised(Call call, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        Assert.notNull(reader, "reader must not be null");
        return call.policies().raisesForStatus() ? stream(call, (response) -> reader.apply(response.raiseForStatus()))
                : stream(call, reader);
    }

    private <T> Flux<T> stream(Call call, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        CallObservation observation = this.session.observation();
        if (observation.isNoop()) {
            return stream(call, () -> call.exchange(true, null), reader);
        }
        return Flux.deferContextual((context) -> {
            this.session.reactiveTransport();
            CallObservation.Running running = observation.start(call, CallObservation.parent(context));
            return stream(call, () -> call.exchange(true, running), reader).contextWrite(running::writeTo);
        });
    }

    private Mono<Response> call(Call call) {
        CallObservation observation = this.session.observation();
        if (observation.isNoop()) {
            return call(call, () -> call.exchange(false, null));
        }
        return Mono.deferContextual((context) -> {
            this.session.reactiveTransport();
            CallObservation.Running running = observation.start(call, CallObservation.parent(context));
            return call(call, () -> call.exchange(false, running)).contextWrite(running::writeTo);
        });
    }

    private Mono<Response> call(Call call, Supplier<Exchange> exchange) {
        return ReactiveDriver.call(transport(call), this.session.clock(), exchange);
    }

    private <T> Flux<T> stream(Call call, Supplier<Exchange> exchange,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return ReactiveDriver.stream(transport(call), this.session.clock(), exchange, reader);
    }

    private Supplier<ReactiveTransport> transport(Call call) {
        return () -> Progress.onReactive(call.request(), this.session.reactiveTransport());
    }

    @Override
    public ReactiveClient with(Consumer<ClientBuilder> settings) {
        Assert.notNull(settings, "settings must not be null");
        ClientBuilder builder = new ClientBuilder(this.settings);
        settings.accept(builder);
        return new DefaultReactiveClient(this.session, builder.settings(), false);
    }

    @Override
    public ClientSettings settings() {
        return this.settings;
    }

    @Override
    public boolean isClosed() {
        return this.session.isClosed();
    }

    @Override
    public void close() {
        if (this.owner) {
            this.session.close();
        }
    }

    @Override
    public String toString() {
        return "ReactiveClient[" + this.settings.name() + "]";
    }

}
