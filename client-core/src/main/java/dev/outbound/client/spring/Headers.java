package dev.outbound.client.spring;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import dev.outbound.client.http.AbstractResponse;
import dev.outbound.client.http.ContentDecoder;
import dev.outbound.client.http.FieldLines;

/**
 * Field lines to and from Spring's headers.
 */
final class Headers {

    private Headers() {
    }

    /** The lines to send, but for the framing, which is the transport's. */
    static FieldLines toSend(HttpHeaders headers) {
        FieldLines.Builder lines = FieldLines.builder();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
                    && !name.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING)) {
                values.forEach((value) -> lines.add(name, Objects.requireNonNullElse(value, "")));
            }
        });
        return lines.build();
    }

    /**
     * The lines of a response as headers that may be changed. Where the client has undone
     * content codings, they are left out, and with them the length of the coded body:
     * readers would decode it again, or count the wrong bytes.
     */
    static HttpHeaders received(AbstractResponse response) {
        HttpHeaders headers = new HttpHeaders();
        response.fields().forEach(headers::add);
        List<String> codings = mayBeDecoded(response) ? response.fields().elements(HttpHeaders.CONTENT_ENCODING)
                : List.of();
        List<String> left = codings.stream().filter((coding) -> !isDecoded(coding)).toList();
        if (left.size() < codings.size()) {
            headers.remove(HttpHeaders.CONTENT_LENGTH);
            headers.remove(HttpHeaders.CONTENT_ENCODING);
            left.forEach((coding) -> headers.add(HttpHeaders.CONTENT_ENCODING, coding));
        }
        return headers;
    }

    private static boolean mayBeDecoded(AbstractResponse response) {
        int status = response.statusCode();
        return status != 204 && status != 304 && !response.request().method().equals(HttpMethod.HEAD);
    }

    private static boolean isDecoded(String coding) {
        String name = coding.toLowerCase(Locale.ROOT);
        // RFC 9110, section 8.4.1.3: x-gzip is another name of it.
        return name.equals("x-gzip") || ContentDecoder.supported().contains(name);
    }

}
