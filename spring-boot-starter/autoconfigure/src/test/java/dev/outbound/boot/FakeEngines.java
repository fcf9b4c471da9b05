package dev.outbound.boot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.transport.Cancellation;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportResponse;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;

/**
 * Engines that talk to an upstream in memory, and remember what they were opened with.
 */
public final class FakeEngines implements Transports {

    private final FakeUpstream upstream;

    private final Map<String, TransportSettings> opened = new ConcurrentHashMap<>();

    private final AtomicInteger closed = new AtomicInteger();

    public FakeEngines(FakeUpstream upstream) {
        this.upstream = upstream;
    }

    public static FakeEngines answering(FakeUpstream.Answer... answers) {
        return new FakeEngines(FakeUpstream.answering(answers));
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        this.opened.put(settings.clientName(), settings);
        Transport transport = this.upstream.transport();
        return new Transport() {

            @Override
            public TransportResponse send(Request request, Cancellation cancellation) {
                return transport.send(request, cancellation);
            }

            @Override
            public void close() {
                FakeEngines.this.closed.incrementAndGet();
            }

        };
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        this.opened.put(settings.clientName(), settings);
        return this.upstream.reactiveTransport();
    }

    public FakeUpstream upstream() {
        return this.upstream;
    }

    Map<String, TransportSettings> opened() {
        return this.opened;
    }

    int closed() {
        return this.closed.get();
    }

}
