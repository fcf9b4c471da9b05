package dev.outbound.client.http;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.util.JsonGeneratorDelegate;

/**
 * Refuses the numbers that JSON has not (RFC 8259, section 6). Jackson alone writes them
 * as texts, or as words that no other reader takes.
 */
final class StrictJsonGenerator extends JsonGeneratorDelegate {

    StrictJsonGenerator(JsonGenerator generator) {
        super(generator, false);
    }

    @Override
    public JsonGenerator writeNumber(double number) {
        check(number);
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(float number) {
        check(number);
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeArray(double[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            check(array[i]);
        }
        return super.writeArray(array, offset, length);
    }

    private void check(double number) {
        if (!Double.isFinite(number)) {
            throw new StreamWriteException(this, "JSON has no number " + number);
        }
    }

}
