package dev.outbound.client;

import java.time.Duration;

import reactor.core.publisher.Mono;

enum SystemClock implements ClientClock {

    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        // Rounded up: a wait that a server asked for must not be shorter.
        Thread.sleep(duration.plusNanos(999_999).toMillis());
    }

    @Override
    public Mono<?> delay(Duration duration) {
        return Mono.delay(duration);
    }

    @Override
    public boolean isSystem() {
        return true;
    }

}
