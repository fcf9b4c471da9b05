package dev.outbound.benchmarks;

import java.io.IOException;

import reactor.core.publisher.Mono;

/**
 * A client that fetches an {@link Item}, as its users write that.
 */
interface Contender extends AutoCloseable {

    Item call() throws Exception;

    /**
     * Return the call without blocking, for contenders that can.
     * @throws UnsupportedOperationException if this contender can only block
     */
    default Mono<Item> send() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " only blocks");
    }

    @Override
    default void close() throws IOException {
    }

    /** One that does not block, and is blocked on where one thread is measured. */
    interface Reactive extends Contender {

        @Override
        Mono<Item> send();

        @Override
        default Item call() {
            Item item = send().block();
            if (item == null) {
                throw new IllegalStateException("There was no answer");
            }
            return item;
        }

    }

}
