package dev.outbound.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.transport.ReactiveTransport;

final class DefaultReactiveClient implements ReactiveClient {

    private final CurrentTerms terms;

    private final boolean owner;

    DefaultReactiveClient(CurrentTerms terms, boolean owner) {
        this.terms = terms;
        this.owner = owner;
    }

    /** A client that closes its session. */
    static DefaultReactiveClient owning(Session session) {
        return new DefaultReactiveClient(new CurrentTerms(session, session.statistics()), true);
    }

    @Override
    public Mono<Response> request(HttpMethod method, String url, Object... variables) {
        return call(plan((terms) -> Call.of(terms, method, url, variables)));
    }

    @Override
    public Mono<Response> request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return call(plan((terms) -> Call.of(terms, method, url, spec)));
    }

    @Override
    public Mono<Response> send(Request request) {
        return call(plan((terms) -> Call.of(terms, request)));
    }

    @Override
    public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return Call.of(this.terms.get(), method, url, spec).request();
    }

    @Override
    public <T> Flux<T> stream(HttpMethod method, String url, Consumer<RequestSpec> spec,
            Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return raised(plan((terms) -> Call.of(terms, method, url, spec)), reader);
    }

    @Override
    public <T> Flux<T> stream(Request request, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        return raised(plan((terms) -> Call.of(terms, request)), reader);
    }

    @Override
    public Flux<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec) {
        return events(plan((terms) -> Call.of(terms, HttpMethod.GET, url, spec)));
    }

    @Override
    public Flux<ServerSentEvent<String>> events(String url, Object... variables) {
        return events(plan((terms) -> Call.of(terms, HttpMethod.GET, url, variables)));
    }

    private Plan plan(Function<Terms, Call> description) {
        return new Plan(description, this.terms.get());
    }

    private Flux<ServerSentEvent<String>> events(Plan plan) {
        return EventFlux.of(plan::reconnection,
                (reconnection, reader) -> stream((terms) -> plan.connect(terms, reconnection), (call) -> reader),
                this.terms.get().generation().clock(), this.terms.session().pauses());
    }

    private <T> Flux<T> raised(Plan plan, Function<ReactiveStreamedResponse, ? extends Publisher<T>> reader) {
        Assert.notNull(reader, "reader must not be null");
        return stream(plan::on, (call) -> call.policies().raisesForStatus()
                ? (response) -> reader.apply(response.raiseForStatus()) : reader);
    }

    private <T> Flux<T> stream(Function<Terms, Call> plan,
            Function<Call, Function<ReactiveStreamedResponse, ? extends Publisher<T>>> reader) {
        return Flux.deferContextual((context) -> {
            Begun begun = begin(plan, true, context);
            Flux<T> stream = begun.driver().stream(reader.apply(begun.call()));
            return (begun.running() != null) ? stream.contextWrite(begun.running()::writeTo) : stream;
        });
    }

    private Mono<Response> call(Plan plan) {
        return Mono.deferContextual((context) -> {
            Begun begun = begin(plan::on, false, context);
            Mono<Response> call = begun.driver().call();
            return (begun.running() != null) ? call.contextWrite(begun.running()::writeTo) : call;
        });
    }

    /** To be followed by a subscription to what the driver gives, which ends the call. */
    private Begun begin(Function<Terms, Call> plan, boolean streamed, ContextView context) {
        Terms terms = this.terms.enter();
        Generation generation = terms.generation();
        CallObservation.Running running = null;
        try {
            Call call = withContext(plan.apply(terms), context);
            ReactiveTransport transport = Progress.onReactive(call.request(), generation.reactiveTransport());
            CallObservation observation = generation.observation();
            running = observation.isNoop() ? null : observation.start(call, CallObservation.parent(context));
            return new Begun(call, running,
                    new ReactiveDriver(Hedging.onReactive(call, terms, context, running, transport), generation,
                            context, call.exchange(streamed, running, terms.guard(context))));
        }
        catch (Throwable ex) {
            if (running != null) {
                running.closed(null, ex);
            }
            generation.leave();
            throw ex;
        }
    }

    /** What the subscriber says of itself, for who authenticates on its behalf. */
    private static Call withContext(Call call, ContextView context) {
        return (call.auth() != null && !context.isEmpty())
                ? call.with(call.request().withAttribute(SUBSCRIBER_CONTEXT, context)) : call;
    }

    @Override
    public ReactiveClient with(Consumer<ClientBuilder> settings) {
        Assert.notNull(settings, "settings must not be null");
        CurrentTerms copy = this.terms.with(settings);
        copy.get().generation().checkReactive(copy.get().settings());
        return new DefaultReactiveClient(copy, false);
    }

    @Override
    public ClientSettings settings() {
        return this.terms.get().settings();
    }

    @Override
    public boolean isClosed() {
        return this.terms.session().isClosed();
    }

    @Override
    public void close() {
        if (this.owner) {
            this.terms.session().close();
        }
    }

    @Override
    public void close(Duration grace) {
        if (this.owner) {
            this.terms.session().close(grace);
        }
    }

    @Override
    public String toString() {
        return "ReactiveClient[" + settings().name() + "]";
    }

    private record Begun(Call call, CallObservation.@Nullable Running running, ReactiveDriver driver) {

    }

}
