package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Limits on what a response may bring.
 *
 * @since 0.1
 */
public class LimitProperties {

    /**
     * Largest body that is read into memory, or "none". A streamed body has no limit.
     */
    private @Nullable DataSize responseBody = DataSize.ofMegabytes(16);

    /**
     * Largest head of a response.
     */
    private DataSize responseHeaders = DataSize.ofKilobytes(64);

    /**
     * Number of header lines that a response may have.
     */
    private int responseHeaderLines = 200;

    /**
     * How many times larger than the bytes received a body may be once it is
     * decompressed, from 1 MB on.
     */
    private int decompressionRatio = 100;

    /**
     * Number of informational responses (1xx) that may come before the final one.
     */
    private int informationalResponses = 8;

    /**
     * Number of content codings that a body may have, one within the other.
     */
    private int contentCodings = 2;

    /**
     * How much is read of a body that nobody wants, so that its connection can be used
     * again. Where more is left, or with 0, the connection is closed.
     */
    private DataSize drain = DataSize.ofKilobytes(64);

    public @Nullable DataSize getResponseBody() {
        return this.responseBody;
    }

    public void setResponseBody(@Nullable DataSize responseBody) {
        this.responseBody = responseBody;
    }

    public DataSize getResponseHeaders() {
        return this.responseHeaders;
    }

    public void setResponseHeaders(DataSize responseHeaders) {
        this.responseHeaders = responseHeaders;
    }

    public int getResponseHeaderLines() {
        return this.responseHeaderLines;
    }

    public void setResponseHeaderLines(int responseHeaderLines) {
        this.responseHeaderLines = responseHeaderLines;
    }

    public int getDecompressionRatio() {
        return this.decompressionRatio;
    }

    public void setDecompressionRatio(int decompressionRatio) {
        this.decompressionRatio = decompressionRatio;
    }

    public int getInformationalResponses() {
        return this.informationalResponses;
    }

    public void setInformationalResponses(int informationalResponses) {
        this.informationalResponses = informationalResponses;
    }

    public int getContentCodings() {
        return this.contentCodings;
    }

    public void setContentCodings(int contentCodings) {
        this.contentCodings = contentCodings;
    }

    public DataSize getDrain() {
        return this.drain;
    }

    public void setDrain(DataSize drain) {
        this.drain = drain;
    }

}
