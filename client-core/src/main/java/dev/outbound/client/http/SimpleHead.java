package dev.outbound.client.http;

import org.springframework.util.Assert;

/** A head that is nothing else. */
record SimpleHead(int statusCode, String reasonPhrase, String httpVersion, FieldLines fields) implements ResponseHead {

    SimpleHead {
        Assert.isTrue(statusCode >= 100 && statusCode <= 999,
                () -> "statusCode must be between 100 and 999, but is " + statusCode);
        Assert.notNull(fields, "fields must not be null");
    }

}
