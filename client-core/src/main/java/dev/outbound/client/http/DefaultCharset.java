package dev.outbound.client.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The character set of texts whose {@code Content-Type} names none that this JVM knows
 * (HTTPX's {@code default_encoding}): always the same, or what a function finds out from
 * the body. Immutable.
 *
 * <pre class="code">
 * DefaultCharset detected = DefaultCharset.detectedBy((body) -&gt; looksLikeUtf8(body) ? UTF_8 : ISO_8859_1);
 * </pre>
 *
 * @since 0.1
 */
public final class DefaultCharset {

    /** UTF-8, which holds unless something else is said. */
    public static final DefaultCharset UTF_8 = of(StandardCharsets.UTF_8);

    private final Charset charset;

    private final @Nullable Function<byte[], @Nullable Charset> detector;

    private DefaultCharset(Charset charset, @Nullable Function<byte[], @Nullable Charset> detector) {
        this.charset = charset;
        this.detector = detector;
    }

    /**
     * Return one character set for all texts.
     * @param charset the character set
     * @return the default
     */
    public static DefaultCharset of(Charset charset) {
        Assert.notNull(charset, "charset must not be null");
        return new DefaultCharset(charset, null);
    }

    /**
     * Return what a function finds out. It is shown the whole body, so it is asked only
     * where a body was read; a streamed text is UTF-8.
     * @param detector is given the body, which it must not change, and returns
     * {@code null} where it does not know: then the text is UTF-8. Thread-safe
     * @return the default
     */
    public static DefaultCharset detectedBy(Function<byte[], @Nullable Charset> detector) {
        Assert.notNull(detector, "detector must not be null");
        return new DefaultCharset(StandardCharsets.UTF_8, detector);
    }

    /** For a body that is not there as a whole. */
    Charset unread() {
        return this.charset;
    }

    Charset of(byte[] body) {
        Charset detected = (this.detector != null) ? this.detector.apply(body) : null;
        return (detected != null) ? detected : this.charset;
    }

    @Override
    public String toString() {
        return (this.detector != null) ? "detected" : this.charset.name();
    }

}
