package dev.outbound.client.spring;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ClientException;
import dev.outbound.client.http.ClientTimeoutException;
import dev.outbound.client.http.ConnectionFailedException;
import dev.outbound.client.http.NameResolutionException;
import dev.outbound.client.http.TlsException;

/**
 * Failures of a client as the exceptions of the JDK that users of Spring's blocking APIs
 * look for.
 */
final class Failures {

    private Failures() {
    }

    /** Return the exception to throw, with ours as its cause. */
    static IOException asIOException(ClientException failure) {
        String message = failure.getMessage();
        IOException exception;
        if (failure instanceof ClientTimeoutException) {
            exception = new SocketTimeoutException(message);
        }
        else if (failure instanceof CancelledException) {
            exception = new InterruptedIOException(message);
        }
        else if (failure instanceof NameResolutionException) {
            exception = new UnknownHostException(message);
        }
        else if (failure instanceof ConnectionFailedException) {
            exception = new ConnectException(message);
        }
        else if (failure instanceof TlsException) {
            exception = new SSLException(message);
        }
        else {
            exception = new IOException(message);
        }
        exception.initCause(failure);
        return exception;
    }

}
