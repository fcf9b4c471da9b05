package dev.outbound.client.transport.httpcomponents;

import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.OutgoingHead;

/**
 * HttpCore's request. Of the lines it knows {@code Connection} only, which HttpCore acts
 * on; {@link Wire} writes the head as it is.
 */
final class OutgoingRequest extends BasicClassicHttpRequest {

    private static final long serialVersionUID = 1L;

    private final transient String target;

    private final transient OutgoingHead head;

    /**
     * Make the request, without a connection.
     * @param request what to send
     * @param target what stands in the request line
     * @param head its head
     * @param upload writes its body, or {@code null} where there is none
     */
    OutgoingRequest(Request request, String target, OutgoingHead head, @Nullable BodyUpload upload) {
        super(request.method().name(), null, null, target);
        this.target = target;
        this.head = head;
        if (request.fields().contains(KeepAlive.CONNECTION)) {
            request.fields().all(KeepAlive.CONNECTION).forEach((value) -> addHeader(KeepAlive.CONNECTION, value));
        }
        if (upload != null) {
            setEntity(new EntityTemplate(head.bodyLength(), null, null, upload));
        }
    }

    String target() {
        return this.target;
    }

    OutgoingHead head() {
        return this.head;
    }

}
