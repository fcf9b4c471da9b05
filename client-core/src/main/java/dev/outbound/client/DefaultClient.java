package dev.outbound.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.micrometer.observation.Observation;
import reactor.util.context.Context;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.transport.Transport;

final class DefaultClient implements Client {

    private final CurrentTerms terms;

    private final boolean owner;

    DefaultClient(CurrentTerms terms, boolean owner) {
        this.terms = terms;
        this.owner = owner;
    }

    /** A client that closes its session. */
    static DefaultClient owning(Session session) {
        return new DefaultClient(new CurrentTerms(session, session.statistics()), true);
    }

    @Override
    public Response request(HttpMethod method, String url, Object... variables) {
        return call((terms) -> Call.of(terms, method, url, variables));
    }

    @Override
    public Response request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return call((terms) -> Call.of(terms, method, url, spec));
    }

    @Override
    public Response send(Request request) {
        return call((terms) -> Call.of(terms, request));
    }

    @Override
    public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return Call.of(this.terms.get(), method, url, spec).request();
    }

    @Override
    public StreamedResponse stream(HttpMethod method, String url, Object... variables) {
        return raised((terms) -> Call.of(terms, method, url, variables));
    }

    @Override
    public StreamedResponse stream(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return raised((terms) -> Call.of(terms, method, url, spec));
    }

    @Override
    public StreamedResponse stream(Request request) {
        return raised((terms) -> Call.of(terms, request));
    }

    @Override
    public Stream<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec) {
        return events((terms) -> Call.of(terms, HttpMethod.GET, url, spec));
    }

    @Override
    public Stream<ServerSentEvent<String>> events(String url, Object... variables) {
        return events((terms) -> Call.of(terms, HttpMethod.GET, url, variables));
    }

    private Stream<ServerSentEvent<String>> events(Function<Terms, Call> description) {
        Terms terms = this.terms.get();
        Plan plan = new Plan(description, terms);
        Reconnection reconnection = plan.reconnection();
        return EventStream.open(reconnection,
                () -> (StreamedResponse) run((now) -> plan.connect(now, reconnection), true, false),
                terms.generation().clock(), this.terms.session().pauses());
    }

    private Response call(Function<Terms, Call> description) {
        return (Response) run(description, false, false);
    }

    private StreamedResponse raised(Function<Terms, Call> description) {
        return (StreamedResponse) run(description, true, true);
    }

    private AbstractResponse run(Function<Terms, Call> description, boolean streamed, boolean raises) {
        Terms terms = this.terms.enter();
        Generation generation = terms.generation();
        Call call;
        CallObservation.Running running = null;
        BlockingDriver driver;
        try {
            call = description.apply(terms);
            Transport transport = Progress.on(call.request(), generation.transport());
            CallObservation observation = generation.observation();
            running = observation.isNoop() ? null : observation.start(call, null);
            driver = new BlockingDriver(Hedging.on(call, terms, Context.empty(), running, transport), generation,
                    call.exchange(streamed, running, terms.guard(Context.empty())));
        }
        catch (Throwable ex) {
            if (running != null) {
                running.closed(null, ex);
            }
            generation.leave();
            throw ex;
        }
        AbstractResponse response = (running != null) ? run(driver, running) : driver.run();
        return (raises && call.policies().raisesForStatus()) ? ((StreamedResponse) response).raiseForStatus()
                : response;
    }

    private static AbstractResponse run(BlockingDriver driver, CallObservation.Running running) {
        Observation.Scope scope = running.openScope();
        try {
            return driver.run();
        }
        finally {
            scope.close();
        }
    }

    @Override
    public Client with(Consumer<ClientBuilder> settings) {
        Assert.notNull(settings, "settings must not be null");
        CurrentTerms copy = this.terms.with(settings);
        copy.get().generation().checkBlocking(copy.get().settings());
        return new DefaultClient(copy, false);
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
        return "Client[" + settings().name() + "]";
    }

}
