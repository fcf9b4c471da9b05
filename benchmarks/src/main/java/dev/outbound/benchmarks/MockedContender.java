package dev.outbound.benchmarks;

import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;

import dev.outbound.client.Client;
import dev.outbound.client.ReactiveClient;
import dev.outbound.mock.MockRouter;

/**
 * A complete client whose upstream is mocked, as in a test of an application.
 */
final class MockedContender implements Contender {

    /** A test makes a few calls, and not millions, which the router would remember. */
    private static final int CALLS_OF_A_TEST = 100;

    private final MockRouter router;

    private final Client client;

    private int calls;

    private MockedContender(MockRouter router) {
        this.router = router;
        this.client = router
            .client((builder) -> OutboundContender.everythingOn(builder).observations(Observations.asInBoot()));
    }

    static Contender open() {
        return new MockedContender(router());
    }

    static Contender reactive() {
        MockRouter router = router();
        ReactiveClient client = router
            .reactiveClient((builder) -> OutboundContender.everythingOn(builder).observations(Observations.asInBoot()));
        return new OnReactor(router, client);
    }

    private static MockRouter router() {
        MockRouter router = MockRouter.create("https://api.test");
        router.get("/json")
            .reply((reply) -> reply.header("Content-Type", MediaType.APPLICATION_JSON_VALUE).body(Item.JSON));
        return router;
    }

    @Override
    public Item call() {
        if (++this.calls % CALLS_OF_A_TEST == 0) {
            this.router.reset();
        }
        return this.client.get("/json").raiseForStatus().json(Item.class);
    }

    @Override
    public void close() {
        this.client.close();
        this.router.close();
    }

    private static final class OnReactor implements Contender.Reactive {

        private final MockRouter router;

        private final ReactiveClient client;

        private int calls;

        private OnReactor(MockRouter router, ReactiveClient client) {
            this.router = router;
            this.client = client;
        }

        @Override
        public Mono<Item> send() {
            if (++this.calls % CALLS_OF_A_TEST == 0) {
                this.router.reset();
            }
            return this.client.get("/json").map((response) -> response.raiseForStatus().json(Item.class));
        }

        @Override
        public void close() {
            this.client.close();
            this.router.close();
        }

    }

}
