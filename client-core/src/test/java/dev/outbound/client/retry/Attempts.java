package dev.outbound.client.retry;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Url;

/** Attempts to ask policies about. */
final class Attempts {

    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private Attempts() {
    }

    static ResponseHead head(int status, String... lines) {
        FieldLines.Builder fields = FieldLines.builder();
        for (int i = 0; i < lines.length; i += 2) {
            fields.append(lines[i], lines[i + 1]);
        }
        return ResponseHead.of(status, "", "HTTP/1.1", fields.build());
    }

    static Request request(HttpMethod method) {
        return Request.of(method, Url.parse("http://shop.test/a"));
    }

    static Attempt number(int number) {
        return of(number, null, null);
    }

    static Attempt response(int status, String... lines) {
        return of(1, head(status, lines), null);
    }

    static Attempt failure(Throwable failure) {
        return of(1, null, failure);
    }

    static Attempt of(int number, @Nullable Object result, @Nullable Throwable failure) {
        return new Attempt(number, request(HttpMethod.GET), result, failure, Duration.ofSeconds(number), Duration.ZERO,
                NOW, () -> 0.5);
    }

}
