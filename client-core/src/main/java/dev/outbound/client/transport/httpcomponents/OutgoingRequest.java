package dev.outbound.client.transport.httpcomponents;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Request;
import dev.outbound.client.transport.OutgoingHead;

/** Makes HttpCore's request. */
final class OutgoingRequest {

    private OutgoingRequest() {
    }

    /**
     * Make the request.
     * @param request what to send
     * @param target what stands in the request line
     * @param head its head
     * @param upload writes its body, or {@code null} where there is none
     * @return the request, without a connection
     */
    static ClassicHttpRequest of(Request request, String target, OutgoingHead head, @Nullable BodyUpload upload) {
        ClassicHttpRequest message = new BasicClassicHttpRequest(request.method().name(), null, null, target);
        head.forEach((name, value) -> message.addHeader(new BasicHeader(name, value)));
        if (upload != null) {
            message.setEntity(new EntityTemplate(head.bodyLength(), null, null, upload));
        }
        return message;
    }

}
