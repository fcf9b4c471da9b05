package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.springframework.util.Assert;

import dev.outbound.client.http.Secrets;

/**
 * Compares the bytes of the body.
 *
 * @param expected the bytes, each as a character, so that equal ones make equal patterns
 * @param within whether they may be anywhere in the body
 */
record ContentPattern(String expected, boolean within) implements RequestPattern {

    private static final int SHOWN = 200;

    static RequestPattern of(byte[] bytes, boolean within) {
        Assert.notNull(bytes, "bytes must not be null");
        return new ContentPattern(new String(bytes, StandardCharsets.ISO_8859_1), within);
    }

    @Override
    public Comparison compare(SentRequest request) {
        String actual = new String(request.body(), StandardCharsets.ISO_8859_1);
        boolean matches = this.within ? actual.contains(this.expected) : actual.equals(this.expected);
        return Comparison.of(new Comparison.Part("body", wanted(), shown(actual), matches), Map.of());
    }

    private String wanted() {
        return (this.within ? "containing " : "") + shown(this.expected);
    }

    private static String shown(String bytes) {
        if (bytes.isEmpty()) {
            return "none";
        }
        String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        boolean readable = text.chars().allMatch((c) -> (c >= ' ' || c == '\n' || c == '\t') && c != 0xfffd);
        if (!readable) {
            return bytes.length() + " bytes";
        }
        String masked = Secrets.maskFields(text);
        return (masked.length() > SHOWN) ? masked.substring(0, SHOWN) + "…" : masked;
    }

    @Override
    public String toString() {
        return "body " + wanted();
    }

}
