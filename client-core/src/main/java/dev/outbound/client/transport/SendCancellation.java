package dev.outbound.client.transport;

/**
 * How one of several sends of a request is brought to its end, at the latest when that of
 * the call has come.
 */
final class SendCancellation extends Cancellation {

    private final Cancellation call;

    SendCancellation(Cancellation call) {
        super(NO_DEADLINE);
        this.call = call;
    }

    @Override
    public long deadline() {
        return this.call.deadline();
    }

    @Override
    public void deadline(long deadline) {
        this.call.deadline(deadline);
    }

}
