package dev.outbound.mock;

import java.time.Duration;

import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import dev.outbound.client.ClientClock;

/**
 * The clock of a client that several tests share: each call runs on that of the router
 * that its test has.
 */
final class ScopedClock implements ClientClock {

    private final String client;

    ScopedClock(String client) {
        this.client = client;
    }

    @Override
    public ClientClock forCall(ContextView context) {
        MockScope scope = MockScope.find(context);
        return (scope != null) ? scope.router(this.client).clock() : ClientClock.system();
    }

    @Override
    public long nanoTime() {
        return ClientClock.system().nanoTime();
    }

    @Override
    public long millis() {
        return ClientClock.system().millis();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        ClientClock.system().sleep(duration);
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return ClientClock.system().delay(duration);
    }

    @Override
    public boolean isSystem() {
        return true;
    }

}
