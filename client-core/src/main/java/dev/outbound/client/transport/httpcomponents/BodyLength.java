package dev.outbound.client.transport.httpcomponents;

import java.util.Iterator;

import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.Failures;
import dev.outbound.client.transport.IncomingHead;

/**
 * Finds where the body of a response ends (RFC 9112, section 6.3), strictly: two readings
 * of one message are how responses are smuggled.
 */
final class BodyLength {

    static final String CONTENT_LENGTH = "Content-Length";

    static final String TRANSFER_ENCODING = "Transfer-Encoding";

    private BodyLength() {
    }

    static long determine(HttpMessage message) {
        Header coding = message.getFirstHeader(TRANSFER_ENCODING);
        if (coding != null) {
            // Both lengths "ought to be handled as an error": whoever sends them may mean
            // another end than the one that is read.
            if (message.countHeaders(TRANSFER_ENCODING) > 1 || !coding.getValue().equalsIgnoreCase("chunked")
                    || message.containsHeader(CONTENT_LENGTH)) {
                throw broken(coding);
            }
            return ContentLengthStrategy.CHUNKED;
        }
        Header first = message.getFirstHeader(CONTENT_LENGTH);
        if (first == null) {
            return ContentLengthStrategy.UNDEFINED;
        }
        Iterator<Header> lengths = message.headerIterator(CONTENT_LENGTH);
        while (lengths.hasNext()) {
            Header length = lengths.next();
            if (!length.getValue().equals(first.getValue())) {
                throw broken(length);
            }
        }
        long length = IncomingHead.number(first.getValue());
        if (length < 0) {
            throw broken(first);
        }
        return length;
    }

    private static RemoteProtocolException broken(Header line) {
        return new RemoteProtocolException(Phase.HEAD, "the response cannot be delimited by the line " + line.getName()
                + ": " + Failures.quote(line.getValue()), null);
    }

}
