package dev.outbound.client.retry;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

import dev.outbound.client.http.BlockedAddressException;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.CertificateRejectedException;
import dev.outbound.client.http.ConnectTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.ConversionException;
import dev.outbound.client.http.DecodingException;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.PoolTimeoutException;
import dev.outbound.client.http.ProxyException;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.http.TruncatedBodyException;

import static dev.outbound.client.retry.Attempts.failure;
import static dev.outbound.client.retry.Attempts.of;
import static dev.outbound.client.retry.Attempts.response;
import static org.assertj.core.api.Assertions.assertThat;

class RetryOnTests {

    private static final Attempt GOOD = response(200);

    private static final Attempt UNAVAILABLE = response(503);

    private static final Attempt BROKEN = failure(new IOException("boom!"));

    /** A condition, an attempt, and whether it is repeated. */
    static final List<Arguments> ROWS = List.of(Arguments.of("always", RetryOn.always(), GOOD, true),
            Arguments.of("never", RetryOn.never(), BROKEN, false),
            Arguments.of("status", RetryOn.status(500, 503), UNAVAILABLE, true),
            Arguments.of("another status", RetryOn.status(500), UNAVAILABLE, false),
            Arguments.of("status of a failure", RetryOn.status(500), BROKEN, false),
            Arguments.of("response", RetryOn.response((head) -> head.first("X-State") != null),
                    response(200, "X-State", "pending"), true),
            Arguments.of("result", RetryOn.result("a"::equals), of(1, "a", null), true),
            Arguments.of("null is a result", RetryOn.result((result) -> result == null), of(1, null, null), true),
            Arguments.of("a failure is no result", RetryOn.result((result) -> result == null), BROKEN, false),
            Arguments.of("any exception", RetryOn.exception(), BROKEN, true),
            Arguments.of("a result is no exception", RetryOn.exception(), GOOD, false),
            Arguments.of("subtype", RetryOn.exception(IOException.class), failure(new SocketException()), true),
            Arguments.of("supertype", RetryOn.exception(SocketException.class), BROKEN, false),
            Arguments.of("one of several", RetryOn.exception(SocketException.class, IOException.class), BROKEN, true),
            Arguments.of("exception that fits", RetryOn.exception((ex) -> "boom!".equals(ex.getMessage())), BROKEN,
                    true),
            Arguments.of("cause", RetryOn.cause(IOException.class),
                    failure(new IllegalStateException(new RuntimeException(new SocketException()))), true),
            Arguments.of("the exception is not its cause", RetryOn.cause(IOException.class), BROKEN, false),
            Arguments.of("message", RetryOn.message("boom!"), BROKEN, true),
            Arguments.of("part of a message", RetryOn.message("boom"), BROKEN, false),
            Arguments.of("no message", RetryOn.message(""), failure(new IOException()), true),
            Arguments.of("message without the call", RetryOn.message("lost"),
                    failure(new ConnectionLostException(Phase.HEAD, "lost", null)), true),
            Arguments.of("beginning of a message", RetryOn.message(Pattern.compile("bo+")), BROKEN, true),
            Arguments.of("middle of a message", RetryOn.message(Pattern.compile("oom")), BROKEN, false),
            Arguments.of("or", RetryOn.status(503).or(RetryOn.exception()), BROKEN, true),
            Arguments.of("and", RetryOn.exception().and(RetryOn.message("x")), BROKEN, false),
            Arguments.of("not", RetryOn.exception().negate(), GOOD, true),
            Arguments.of("default: 429", RetryOn.defaults(), response(429), true),
            Arguments.of("default: 500", RetryOn.defaults(), response(500), false),
            Arguments.of("default: 502", RetryOn.defaults(), response(502), true),
            Arguments.of("default: 504", RetryOn.defaults(), response(504), true),
            Arguments.of("default: 404", RetryOn.defaults(), response(404), false),
            Arguments.of("default: an exception of others", RetryOn.defaults(), BROKEN, false),
            client("connection refused", new ConnectionFailedException("x", null), true),
            client("connection lost", new ConnectionLostException(Phase.BODY, "x", null), true),
            client("truncated body", new TruncatedBodyException("x", null), true),
            client("unknown name", new NameResolutionException("x", null), true),
            client("connect timeout", new ConnectTimeoutException(Phase.CONNECT, "x", null), true),
            client("read timeout", new ReadTimeoutException(Phase.HEAD, "x", null), true),
            client("pool timeout", new PoolTimeoutException("x", null), true),
            client("proxy", new ProxyException("x", null), true),
            client("total timeout", new TotalTimeoutException(Phase.HEAD, "x", null), false),
            client("cancelled", new CancelledException(Phase.HEAD, "x", null), false),
            client("blocked address", new BlockedAddressException("x", null), false),
            client("certificate", new CertificateRejectedException("x", null), false),
            client("protocol", new RemoteProtocolException(Phase.HEAD, "x", null), false),
            client("decoding", new DecodingException("x", null), false),
            client("G15: conversion", new ConversionException("x", null), false),
            client("limit", new LimitExceededException(Phase.BODY, "x", null), false));

    private static Arguments client(String name, Exception failure, boolean repeated) {
        return Arguments.of("default: " + name, RetryOn.defaults(), failure(failure), repeated);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @FieldSource("ROWS")
    void matches(String name, RetryOn condition, Attempt attempt, boolean repeated) {
        assertThat(condition.matches(attempt)).isEqualTo(repeated);
    }

    @Test
    void asksTheOtherConditionOnlyWhenNeeded() {
        RetryOn unasked = (attempt) -> {
            throw new AssertionError("asked");
        };
        assertThat(RetryOn.always().or(unasked).matches(GOOD)).isTrue();
        assertThat(RetryOn.never().and(unasked).matches(GOOD)).isFalse();
    }

    @Test
    void survivesACircleOfCauses() {
        Exception one = new Exception();
        Exception other = new Exception(one);
        one.initCause(other);
        assertThat(RetryOn.cause(IOException.class).matches(failure(one))).isFalse();
    }

}
