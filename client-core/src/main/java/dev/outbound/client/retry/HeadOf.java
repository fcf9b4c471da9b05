package dev.outbound.client.retry;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;

/**
 * The head of a response that a caller holds.
 */
record HeadOf(AbstractResponse response) implements ResponseHead {

    @Override
    public int statusCode() {
        return this.response.statusCode();
    }

    @Override
    public String reasonPhrase() {
        return this.response.reasonPhrase();
    }

    @Override
    public String httpVersion() {
        return this.response.httpVersion();
    }

    @Override
    public FieldLines fields() {
        return this.response.fields();
    }

}
