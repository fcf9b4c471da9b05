package dev.outbound.client.http;

import org.springframework.util.Assert;

/**
 * How much of a response is accepted, so that no server can fill the memory of its
 * client. Immutable; one meaning on every engine. What exceeds a limit fails with a
 * {@link LimitExceededException}.
 *
 * @since 0.1
 */
public final class Limits {

    /** The most field lines that a request is sent with. */
    public static final int REQUEST_LINES = 200;

    /** The largest head of a request that is sent, in bytes. */
    public static final int REQUEST_HEAD = 64 * 1024;

    private static final Limits DEFAULTS = new Limits(64 * 1024, 200, 8, 16 * 1024 * 1024, 100, 2, 64 * 1024);

    private final int head;

    private final int headLines;

    private final int informational;

    private final long body;

    private final int ratio;

    private final int codings;

    private final int drain;

    private Limits(int head, int headLines, int informational, long body, int ratio, int codings, int drain) {
        this.head = atLeast("head", head, 1024);
        this.headLines = atLeast("head-lines", headLines, 1);
        this.informational = atLeast("informational", informational, 0);
        this.body = body;
        Assert.isTrue(body > 0, () -> "body limit must be positive, but is " + body);
        this.ratio = atLeast("ratio", ratio, 1);
        this.codings = atLeast("codings", codings, 0);
        this.drain = atLeast("drain", drain, 0);
    }

    private static int atLeast(String name, int value, int least) {
        Assert.isTrue(value >= least, () -> name + " limit must be at least " + least + ", but is " + value);
        return value;
    }

    /**
     * Return the defaults: a head of 64 KiB and 200 lines, 8 informational responses, a
     * body of 16 MiB that is at most 100 times larger than what was received and has at
     * most 2 content codings, 64 KiB to drain.
     * @return the defaults
     */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * Return these limits with another one for the size of a response's head, or of an
     * informational one.
     * @param bytes at least 1024
     * @return other limits
     */
    public Limits withHead(int bytes) {
        return new Limits(bytes, this.headLines, this.informational, this.body, this.ratio, this.codings, this.drain);
    }

    /**
     * Return these limits with another one for the field lines of a response.
     * @param lines at least 1
     * @return other limits
     */
    public Limits withHeadLines(int lines) {
        return new Limits(this.head, lines, this.informational, this.body, this.ratio, this.codings, this.drain);
    }

    /**
     * Return these limits with another one for the informational (1xx) responses before
     * the final one. More are an error of the protocol.
     * @param responses 0 or more
     * @return other limits
     */
    public Limits withInformational(int responses) {
        return new Limits(this.head, this.headLines, responses, this.body, this.ratio, this.codings, this.drain);
    }

    /**
     * Return these limits with another one for a body that is read into memory, before
     * and after its codings are undone. A streamed body has no limit.
     * @param bytes at least 1
     * @return other limits
     */
    public Limits withBody(long bytes) {
        return new Limits(this.head, this.headLines, this.informational, bytes, this.ratio, this.codings, this.drain);
    }

    /**
     * Return these limits with another one for how many times larger than the bytes
     * received a decoded body may be, once it is larger than 1 MiB; streamed ones as
     * well.
     * @param ratio at least 1
     * @return other limits
     */
    public Limits withRatio(int ratio) {
        return new Limits(this.head, this.headLines, this.informational, this.body, ratio, this.codings, this.drain);
    }

    /**
     * Return these limits with another one for the content codings of a body. More fail
     * with a {@link DecodingException}.
     * @param codings 0 or more
     * @return other limits
     */
    public Limits withCodings(int codings) {
        return new Limits(this.head, this.headLines, this.informational, this.body, this.ratio, codings, this.drain);
    }

    /**
     * Return these limits with another one for what is read of a body that nobody wants,
     * so that its connection can be used again; where more is left, it is closed.
     * @param bytes 0 to close at once
     * @return other limits
     */
    public Limits withDrain(int bytes) {
        return new Limits(this.head, this.headLines, this.informational, this.body, this.ratio, this.codings, bytes);
    }

    /**
     * Return the largest head of a response.
     * @return the number of bytes
     */
    public int head() {
        return this.head;
    }

    /**
     * Return the most field lines of a response.
     * @return the number of lines
     */
    public int headLines() {
        return this.headLines;
    }

    /**
     * Return how many informational responses are passed over.
     * @return the number of responses
     */
    public int informational() {
        return this.informational;
    }

    /**
     * Return the largest body that is read into memory.
     * @return the number of bytes
     */
    public long body() {
        return this.body;
    }

    /**
     * Return how many times larger than the bytes received a decoded body may be.
     * @return the ratio
     */
    public int ratio() {
        return this.ratio;
    }

    /**
     * Return how many content codings a body may have.
     * @return the number of codings
     */
    public int codings() {
        return this.codings;
    }

    /**
     * Return how much is read of a body that nobody wants.
     * @return the number of bytes
     */
    public int drain() {
        return this.drain;
    }

    @Override
    public String toString() {
        return "head=" + this.head + ", head-lines=" + this.headLines + ", informational=" + this.informational
                + ", body=" + this.body + ", ratio=" + this.ratio + ", codings=" + this.codings + ", drain="
                + this.drain;
    }

}
