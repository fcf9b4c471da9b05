package dev.outbound.client.retry;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.ResponseHead;

/**
 * The head of a response that is over.
 */
record Head(int statusCode, String reasonPhrase, String httpVersion, FieldLines fields) implements ResponseHead {

    static ResponseHead of(ResponseHead head) {
        return new Head(head.statusCode(), head.reasonPhrase(), head.httpVersion(), head.fields());
    }

}
