package dev.outbound.mock;

import org.assertj.core.api.AbstractStringAssert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Secrets;

/**
 * Assertions about a header of a request.
 *
 * @since 0.1
 */
public final class HeaderAssert extends AbstractStringAssert<HeaderAssert> {

    private final String name;

    HeaderAssert(MockCall call, String name) {
        super(call.request().header(name), HeaderAssert.class);
        this.name = name;
    }

    /**
     * Verify that the client masks the header wherever it logs it.
     * @return this
     */
    public HeaderAssert isRedactedInLogs() {
        isNotNull();
        FieldLines shown = FieldLines.builder().add(this.name, this.actual).build().masked();
        if (!Secrets.MASK.equals(shown.first(this.name)) || shown.toString().contains(this.actual)) {
            throw failure("Expected header %s to be redacted, but it is shown in logs. "
                    + "Give it a name that says that it is a secret, or leave the secret out of it", this.name);
        }
        return this;
    }

}
