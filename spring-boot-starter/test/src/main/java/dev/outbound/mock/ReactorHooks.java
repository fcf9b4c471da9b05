package dev.outbound.mock;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Lets what Reactor does for a test belong to it: its schedulers' threads, and the chains
 * that are subscribed to on its threads. Installed while tests run, and no longer.
 */
final class ReactorHooks {

    private static final String KEY = "dev.outbound.mock";

    private ReactorHooks() {
    }

    static void install() {
        Schedulers.onScheduleHook(KEY, (task) -> {
            MockScope scope = MockScope.bound();
            return (scope != null) ? scope.wrap(task) : task;
        });
        Hooks.onLastOperator(KEY, ReactorHooks::withScope);
    }

    static void uninstall() {
        Schedulers.resetOnScheduleHook(KEY);
        Hooks.resetOnLastOperator(KEY);
    }

    private static Publisher<Object> withScope(Publisher<Object> publisher) {
        MockScope scope = MockScope.bound();
        if (scope != null && publisher instanceof Mono<Object> mono) {
            return mono.contextWrite((context) -> MockScope.put(scope, context));
        }
        if (scope != null && publisher instanceof Flux<Object> flux) {
            return flux.contextWrite((context) -> MockScope.put(scope, context));
        }
        return publisher;
    }

}
