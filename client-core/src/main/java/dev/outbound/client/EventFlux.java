package dev.outbound.client;

import java.util.function.Function;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.codec.ServerSentEvent;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ReactiveStreamedResponse;
import dev.outbound.client.transport.RunningCalls;

/**
 * Server-sent events over many connections, without blocking: does what
 * {@link Reconnection} says.
 */
final class EventFlux {

    private EventFlux() {
    }

    /** Makes one connection. */
    @FunctionalInterface
    interface Connect {

        Flux<ServerSentEvent<String>> stream(Reconnection reconnection,
                Function<ReactiveStreamedResponse, Flux<ServerSentEvent<String>>> reader);

    }

    static Flux<ServerSentEvent<String>> of(Supplier<Reconnection> subscription, Connect connect, ClientClock clock,
            RunningCalls pauses) {
        return Flux.defer(() -> {
            Reconnection reconnection = subscription.get();
            return Flux.defer(() -> connection(reconnection, connect))
                .repeatWhen((ends) -> ends.takeWhile((end) -> !reconnection.isOver())
                    .concatMap((end) -> Mono
                        .defer(() -> Pause.delay(reconnection.pause(), clock, pauses).then(Mono.just(end)))));
        });
    }

    /** One connection, which completes when it is to be followed by another. */
    private static Flux<ServerSentEvent<String>> connection(Reconnection reconnection, Connect connect) {
        return connect.stream(reconnection, (response) -> read(reconnection, response))
            .onErrorResume(ClientException.class, (ex) -> reconnection.failed(ex) ? Flux.empty() : Flux.error(ex));
    }

    private static Flux<ServerSentEvent<String>> read(Reconnection reconnection, ReactiveStreamedResponse response) {
        return switch (reconnection.responded(response.statusCode())) {
            case READ -> response.events(reconnection.read()).doOnNext((event) -> reconnection.received());
            case LEAVE, STOP -> Flux.empty();
            case REFUSE -> throw Reconnection.notEvents(response.raiseForStatus());
        };
    }

}
