package dev.outbound.client;

import java.util.function.Consumer;
import java.util.stream.Stream;

import io.micrometer.observation.Observation;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.StreamedResponse;
import dev.outbound.client.transport.Transport;

final class DefaultClient implements Client {

    private final Session session;

    private final ClientSettings settings;

    private final Exchange.Policies policies;

    private final boolean owner;

    DefaultClient(Session session, ClientSettings settings, boolean owner) {
        this.session = session;
        this.settings = settings;
        this.policies = session.policies(settings);
        this.owner = owner;
    }

    @Override
    public Response request(HttpMethod method, String url, Object... variables) {
        return call(Call.of(this.settings, this.policies, method, url, variables));
    }

    @Override
    public Response request(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return call(Call.of(this.settings, this.policies, method, url, spec));
    }

    @Override
    public Response send(Request request) {
        return call(Call.of(this.settings, this.policies, request));
    }

    @Override
    public Request build(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return Call.of(this.settings, this.policies, method, url, spec).request();
    }

    @Override
    public StreamedResponse stream(HttpMethod method, String url, Object... variables) {
        return raised(Call.of(this.settings, this.policies, method, url, variables));
    }

    @Override
    public StreamedResponse stream(HttpMethod method, String url, Consumer<RequestSpec> spec) {
        return raised(Call.of(this.settings, this.policies, method, url, spec));
    }

    @Override
    public StreamedResponse stream(Request request) {
        return raised(Call.of(this.settings, this.policies, request));
    }

    @Override
    public Stream<ServerSentEvent<String>> events(String url, Consumer<RequestSpec> spec) {
        return events(Call.of(this.settings, this.policies, HttpMethod.GET, url, spec));
    }

    @Override
    public Stream<ServerSentEvent<String>> events(String url, Object... variables) {
        return events(Call.of(this.settings, this.policies, HttpMethod.GET, url, variables));
    }

    private Stream<ServerSentEvent<String>> events(Call call) {
        Reconnection reconnection = new Reconnection(call.request(), this.policies.reading().limit(),
                this.policies.random());
        return EventStream.open(reconnection, (request) -> stream(call.with(request)), this.session.clock());
    }

    private Response call(Call call) {
        return (Response) run(call, false);
    }

    private StreamedResponse raised(Call call) {
        StreamedResponse response = stream(call);
        return call.policies().raisesForStatus() ? response.raiseForStatus() : response;
    }

    private StreamedResponse stream(Call call) {
        return (StreamedResponse) run(call, true);
    }

    private AbstractResponse run(Call call, boolean streamed) {
        CallObservation observation = this.session.observation();
        Transport transport = Progress.on(call.request(), this.session.transport());
        if (observation.isNoop()) {
            return BlockingDriver.run(transport, this.session.clock(), call.exchange(streamed, null));
        }
        CallObservation.Running running = observation.start(call, null);
        Observation.Scope scope = running.openScope();
        try {
            return BlockingDriver.run(transport, this.session.clock(), call.exchange(streamed, running));
        }
        finally {
            scope.close();
        }
    }

    @Override
    public Client with(Consumer<ClientBuilder> settings) {
        Assert.notNull(settings, "settings must not be null");
        ClientBuilder builder = new ClientBuilder(this.settings);
        settings.accept(builder);
        return new DefaultClient(this.session, builder.settings(), false);
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
        return "Client[" + this.settings.name() + "]";
    }

}
