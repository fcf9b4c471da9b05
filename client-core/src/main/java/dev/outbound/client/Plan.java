package dev.outbound.client;

import java.util.function.Function;

/**
 * A call that may be begun later, or more than once. It is made at once, so that its
 * author is told what is wrong with it, and made again where the settings of the client
 * have changed in between. Thread-safe.
 */
final class Plan {

    private final Function<Terms, Call> description;

    private volatile Made made;

    Plan(Function<Terms, Call> description, Terms terms) {
        this.description = description;
        this.made = new Made(terms.generation(), description.apply(terms));
    }

    Call on(Terms terms) {
        Made made = this.made;
        if (made.generation() != terms.generation()) {
            made = new Made(terms.generation(), this.description.apply(terms));
            this.made = made;
        }
        return made.call();
    }

    /** The state of a subscription to events. */
    Reconnection reconnection() {
        Call call = this.made.call();
        return new Reconnection(call.request(), call.policies().reading().limit(), call.policies().random());
    }

    /** The call of its next connection. */
    Call connect(Terms terms, Reconnection reconnection) {
        Call call = on(terms);
        reconnection.restate(call.request());
        return call.with(reconnection.request());
    }

    private record Made(Generation generation, Call call) {

    }

}
