package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.MessageSupport;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Timeouts;
import dev.outbound.client.http.Url;
import dev.outbound.client.transport.AttemptProgress;
import dev.outbound.client.transport.Cancellation;

/**
 * One request and the head of its response, on one connection. Knows how far it has come.
 */
final class Attempt implements AttemptProgress {

    /** How often is looked for an early answer, in nanoseconds. */
    private static final long LOOK = 20_000_000;

    private final Request request;

    private final Cancellation cancellation;

    private Phase phase = Phase.PREPARE;

    private @Nullable BodyUpload upload;

    private boolean complete = true;

    private int interim;

    /** What came before all of the request was sent. */
    private @Nullable ClassicHttpResponse early;

    private @Nullable HttpException malformed;

    private long looked = System.nanoTime();

    Attempt(Request request, Cancellation cancellation) {
        this.request = request;
        this.cancellation = cancellation;
    }

    @Override
    public Phase phase() {
        return this.phase;
    }

    void upload(@Nullable BodyUpload upload) {
        this.upload = upload;
    }

    @Override
    public long bytesSent() {
        return (this.upload != null) ? this.upload.written() : 0;
    }

    @Override
    public long bytesToSend() {
        return (this.upload != null) ? this.upload.announced() : 0;
    }

    void phase(Phase phase) {
        this.phase = phase;
    }

    Url url() {
        return this.request.url();
    }

    Timeouts timeouts() {
        return this.request.timeouts();
    }

    /** Return whether all of the request was sent. */
    boolean isComplete() {
        return this.complete;
    }

    /**
     * Send the request and read the head of its response.
     * @param message the request
     * @param wire an open connection
     * @return the response, its entity unread, or none where it has no body
     */
    ClassicHttpResponse run(ClassicHttpRequest message, Wire wire) throws IOException, HttpException {
        wire.readLimit(timeouts().read(), this.cancellation);
        phase(Phase.WRITE);
        if (this.upload != null) {
            this.upload.over(wire, () -> isRefused(wire));
        }
        IOException broken = write(message, wire);
        this.complete = broken == null;
        try {
            phase(Phase.HEAD);
            if (this.malformed != null) {
                throw this.malformed;
            }
            ClassicHttpResponse response = (this.early != null) ? this.early : readHead(wire);
            if (MessageSupport.canResponseHaveBody(message.getMethod(), response)) {
                wire.receiveResponseEntity(response);
            }
            else {
                // Lines that contradict each other are no better where no body follows.
                BodyLength.determine(response);
            }
            return response;
        }
        catch (IOException | HttpException | RuntimeException ex) {
            if (broken == null || this.malformed != null) {
                throw ex;
            }
            phase(Phase.WRITE);
            broken.addSuppressed(ex);
            throw broken;
        }
    }

    /**
     * Send the request. A server that refuses a body may answer and close before it has
     * read it, so that a write fails though there is an answer.
     * @return why it was not sent completely, or {@code null}
     */
    private @Nullable IOException write(ClassicHttpRequest message, Wire wire) throws IOException, HttpException {
        Duration limit = timeouts().write();
        this.cancellation.writing(limit);
        try {
            wire.sendRequestHeader(message);
            wire.sendRequestEntity(message);
            wire.flush();
            return null;
        }
        catch (InterruptedIOException ex) {
            throw ex;
        }
        catch (IOException ex) {
            if (this.cancellation.cause() != null) {
                throw ex;
            }
            return ex;
        }
        finally {
            this.cancellation.written();
        }
    }

    /**
     * Return whether the server has answered that it does not want what is being sent:
     * then that ends (RFC 9112, section 9.5). An answer of success means nothing for it.
     */
    private boolean isRefused(Wire wire) throws IOException {
        long now = System.nanoTime();
        try {
            if (this.early == null && now - this.looked >= LOOK) {
                this.looked = now;
                if (wire.isSpoken()) {
                    this.early = readFinalHead(wire);
                }
            }
            return this.early != null && this.early.getCode() >= 300;
        }
        catch (HttpException ex) {
            this.malformed = ex;
            return true;
        }
    }

    private ClassicHttpResponse readHead(Wire wire) throws IOException, HttpException {
        while (true) {
            ClassicHttpResponse response = readFinalHead(wire);
            if (response != null) {
                return response;
            }
        }
    }

    /** Read a head, and return it unless it is that of an interim response. */
    private @Nullable ClassicHttpResponse readFinalHead(Wire wire) throws IOException, HttpException {
        ClassicHttpResponse response = wire.receiveResponseHeader();
        if (response.getCode() >= 200) {
            return response;
        }
        if (response.getCode() == 101) {
            throw new RemoteProtocolException(Phase.HEAD, "the server switched to a protocol that nobody asked for",
                    null);
        }
        int most = wire.limits().informational();
        if (++this.interim > most) {
            throw new RemoteProtocolException(Phase.HEAD, "the server sent more than " + most + " interim responses",
                    null);
        }
        return null;
    }

}
