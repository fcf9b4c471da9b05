package dev.outbound.client.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a valid response of HTTP/1.1 and spoils it, or not: the same seed makes the same
 * response.
 */
final class ResponseMutator {

    private static final String[] STATUSES = { "200 OK", "200", "200 ", "201 Created", "204 No Content",
            "205 Reset Content", "206 Partial Content", "301 Moved", "302 Found", "304 Not Modified", "307 T",
            "400 Bad", "401 U", "404 Not Found", "407 P", "408 RT", "417 E", "421 M", "425 E", "429 Many", "431 L",
            "500 E", "502 B", "503 S", "504 T", "600 X", "999 X", "200 caf\u00e9", "200 a\tb", "299 \u0080" };

    private static final String[] BAD_STATUS_LINES = { "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK",
            "HTTP/1.1 099 X", "HTTP/1.1 000 X", "HTTP/1.1 -20 X", "HTTP/1.1 +20 X", "HTTP/1.1 2 0", "HTTP/1.1  200 OK",
            "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK", "HTTP/1.1 200OK", "http/1.1 200 OK", "HTTP/2.0 200 OK",
            "HTTP/2 200 OK", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK", "HTTP/11 200 OK", "HTTP /1.1 200 OK",
            "HTTP/1.1 200 OK\0", "HTTP/1.1 200 \u001b[31m", "HTTP/1.1 200 O\rK", "HTTP/1.1 20\u00d9\u00a2 X",
            " HTTP/1.1 200", "ICY 200 OK", "SSH-2.0-x", "", "\r\nHTTP/1.1 200 OK", "\nHTTP/1.1 200 OK",
            "HTTP/1.1 101 Switch", "HTTP/1.1 0x1 X", "HTTP/1.1 200\u00a0OK", "HTTP/1.1 200 OK ", "HTTP/1.01 200 OK",
            "HTTP/1.1 1e2 X", "X HTTP/1.1 200 OK", "HTTPS/1.1 200 OK", "HTTP/1.1/200 OK", "HTTP/1.1 200 \u007f" };

    private static final String[] PLAIN_LINES = { "X-A: b", "X-A:", "X-A:b", "X-A: \t b \t", "x-a: c", "X-B: caf\u00e9",
            "X-B: caf\u00c3\u00a9", "Date: Fri, 27 Nov 2026 10:00:00 GMT", "Server: s/1 (c)", "Etag: \"a\"", "Vary: *",
            "X-A: a, b", "!#$%&'*+-.^_`|~: odd", "X-Long: " + "a".repeat(3000), "Connection: keep-alive",
            "Keep-Alive: timeout=5, max=100", "Upgrade: h2c", "Trailer: X-T", "Te: trailers", "X-C: \"a,b\"" };

    private static final String[] CONNECTIONS = { "Connection: close", "Connection: CLOSE", "Connection: close, x",
            "Connection: x,close", "Connection: x, , close", "Connection: \"close\"", "Connection: closed",
            "Connection: close;x", "Connection: close=1", "Connection: keep-alive, close", "Connection: keep-alive",
            "Connection: Keep-Alive, x", "Connection: upgrade", "Connection:", "Connection: ,", "Connection: x y",
            "Connection: close\r\nConnection: keep-alive", "Connection: keep-alive\r\nConnection: close",
            "Proxy-Connection: close", "Keep-Alive: timeout=0", "Keep-Alive: timeout=-1", "Keep-Alive: max=0",
            "Keep-Alive: timeout=99999999999999999999", "Keep-Alive: x", "Connection: close\t", "Connection: \tclose",
            "Keep-Alive: timeout=\"0\"", "Keep-Alive: TIMEOUT=0", "Keep-Alive: timeout = 0", "Connection: x\tclose" };

    private static final String[] BAD_LINES = { "X-A : b", "X-A\t: b", " X-A: b", "\tX-A: b", ": b", "X-A", "X A: b",
            "X-A: b\r\n c", "X-A: b\r\n\tc", "X-A: b\r\n ", "X-\u00e9: b", "X-A: a\0b", "X-A: a\u0001b",
            "X-A: a\u001b[31mb", "X-A: a\u007fb", "X-A: a\rb", "X(A): b", "X-A\0: b", "\0", "X-A: \u0085",
            "X-A: \u00e2\u0080\u00a8", "X\"A: b", "X-A: b\n", "X-A: b\r", "X-A: a\u000bb", "X-A: a\u000cb", "{}: x",
            "X-A:\0", "X-A: b\r\n: c" };

    private static final String[] LENGTHS = { "0", "1", "3", "5", "10", "00005", "+5", "-1", "-0", "5 ", " 5", "5,5",
            "5, 5", "5,6", "5x", "0x5", "5.0", "1e1", "", " ", "9223372036854775807", "9223372036854775808",
            "99999999999999999999999", "2147483648", "18446744073709551621", "\u00d9\u00a5", "5;", "5\t", "\"5\"",
            "5_0", "20000000", "16777216", "16777217", "000000000000000000005", "0000000000000000000005" };

    private static final String[] CODINGS = { "chunked", "Chunked", "CHUNKED", " chunked ", "chunked,", ",chunked",
            "chunked, chunked", "gzip, chunked", "chunked, gzip", "gzip", "identity", "identity, chunked", "x", "",
            "chunked;q=1", "chunked\u000b", "\"chunked\"", "chunke", "chunked x", "\tchunked", "xchunked", "chunked;" };

    private static final String[] SIZES = { "0", "00", "000", "5", "05", "0005", "+5", "-5", "0x5", "5h", "", " ", " 5",
            "5 ", "5\t", "5 ;a=b", "5;a=b", "5;", "5;a=\"b;c\"", "5;a=\0", "5; \u001b", "5;a=\r", "FFFFFFFF",
            "7FFFFFFF", "80000000", "7FFFFFFFFFFFFFFF", "8000000000000000", "10000000000000005", "FFFFFFFFFFFFFFFF",
            "5 5", "5,5", "5x", "5:", "5;caf\u00e9", "00000000000000005", "0000000000000000000000000000005",
            "\u00d9\u00a5", "5\u000b", "5\u00a0", "5;" + "x".repeat(1500), "5;" + "x".repeat(3000), "A", "a", "fffffff",
            "0;x", "0 ", "0 x", "-0", "5\0" };

    private static final String[] TRAILERS = { "X-T: a", "X-T: a\r\nX-U: b", "X-T:", "X-T", "X-T : a", " X-T: a", ": a",
            "X T: a", "X-T: a\r\n b", "X-T: a\0", "X-T: a\u001b", "Content-Length: 5", "Transfer-Encoding: x",
            "Set-Cookie: t=1", "X-T: a\r", "X-\u00e9: b", "X-T: caf\u00e9", "X-T: " + "b".repeat(3000), "X-T: a\nb" };

    private static final String[] INTERIMS = { "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n", "HTTP/1.1 102 P\r\nX-A: b\r\n\r\n", "HTTP/1.1 100\r\n\r\n",
            "HTTP/1.0 100 C\r\n\r\n", "HTTP/1.1 199 X\r\n\r\n",
            "HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 100 C\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 103 E\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 103 E\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 103 E\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 103 E\r\nX-A : b\r\n\r\n", "HTTP/1.1 103 E\r\nX-A: a\0b\r\n\r\n", "HTTP/1.1 103 E\r\nX-A\r\n\r\n",
            "HTTP/1.1 103 E\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 100 Continue\n\n", "HTTP/1.1 099 X\r\n\r\n",
            "HTTP/1.1 103 E\r\nSet-Cookie: i=1\r\n\r\n", "HTTP/1.1 103 E\r\nTransfer-Encoding: x\r\n\r\n" };

    private static final String[] LOCATIONS = { "/other", "other", "?q", "#f", "", "//127.0.0.1:1/", "http://", "http:",
            "http:///x", "file:///etc/passwd", "javascript:x", "/a b", "/caf\u00e9", "/caf\u00c3\u00a9", "/%", "/%zz",
            "/a\tb", "../..", "/\\evil", "\\\\evil\\x", "http://[::1", "http://a b/", "http://127.0.0.1:99999/",
            "http://127.0.0.1:x/", "/x\u007f", "/" + "l".repeat(3000), "http://u:p@127.0.0.1:1/", "/a\u0001b",
            "/other\r\nLocation: /third", "/<>\"{}|^`" };

    private static final String[] RETRY_AFTERS = { "0", "1", "-1", "00", "0.5", "9999999999", "99999999999999999999",
            "x", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970", "0, 5",
            "0\r\nRetry-After: 60", "\u00d9\u00a0", "0x0", "+0", " 0 ", "Thursday, 01-Jan-70 00:00:00 GMT" };

    private static final String[] COOKIES = { "a=b", "a=b; Path=/", "a=b; Domain=127.0.0.1", "a=b; Domain=evil.example",
            "a=b; Max-Age=0", "a=b; Max-Age=x", "a=b; Max-Age=99999999999999999999", "a=b; Expires=x", "a", "=b", "",
            "a=\"b\"", "a=b c", "a=caf\u00e9", "a=b; Secure", "a=b; HttpOnly; x=y; ;;", "a=b\u007f", "a=b=c",
            "__Host-a=b", "a=b; Path=x", "a=" + "c".repeat(5000), "a=1, b=2", "a=b\r\nSet-Cookie: a=c",
            "a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=\tb", "a;b=c", "a=b; Path=/next", "a=b;path=/case" };

    private static final String[] TYPES = { "text/plain", "text/plain; charset=utf-8", "text/plain; charset=x",
            "text/plain; charset=", "text/plain; charset=\"utf-8\"", "text/plain;charset=iso-8859-1",
            "text/plain; charset=utf-16", "text", "/", "", "text/plain; =x", "application/json", "a/b; c",
            "text/plain; charset=utf-8; charset=latin1", "*/*", "text/plain; charset=\u00e9", "application/json\t" };

    private static final String[] ENCODINGS = { "gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "identity", "x",
            "gzip, gzip", "gzip,", ", gzip", "gzip;q=1", "", "gzip, x", "br, gzip", "\"gzip\"", "compress", "*" };

    /** The text "hello world", in a brotli stream. */
    private static final String BROTLI = "\u000b\u0005\u0080hello world\u0003";

    private static final String BYTES = "\0\u0001\t\n\u000b\r \u001b!\"(),/:;=\u007f\u0080\u0085\u00a0\u00ff09aAzZ{}";

    private final Random random;

    private final List<String> changes = new ArrayList<>();

    private final List<String> lines = new ArrayList<>();

    private ResponseMutator(long seed) {
        // Seeds in a row begin with nearly the same number.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.random.nextLong();
    }

    static Play play(long seed) {
        return new ResponseMutator(seed).make(seed);
    }

    private Play make(long seed) {
        int spoilt = this.random.nextInt(4);
        String method = chance(80) ? "GET" : chance(60) ? "HEAD" : "POST";
        String status = chance(50) ? "200 OK" : any(STATUSES);
        String statusLine = (chance(90) ? "HTTP/1.1 " : "HTTP/1.0 ") + status;
        String content = content();
        while (chance(40)) {
            this.lines.add(any(PLAIN_LINES));
        }
        aimed(status);
        if (chance(12)) {
            content = encode(content);
        }
        String body = frame(content, spoilt);
        String interims = "";
        if (chance(12)) {
            interims = chance(40) ? any(INTERIMS) : "HTTP/1.1 100 Continue\r\n\r\n";
            this.changes.add("interim");
        }
        if (spoilt > 0 && chance(8)) {
            statusLine = any(BAD_STATUS_LINES);
            this.changes.add("status line");
        }
        String head = statusLine + "\r\n" + String.join("\r\n", this.lines) + (this.lines.isEmpty() ? "" : "\r\n")
                + "\r\n";
        String response = bytes(interims + head + body, spoilt);
        Play.Ending ending = ending(head);
        // What comes behind the next request is taken for its response by every client.
        boolean whole = method.equals("HEAD") || this.changes.contains("something behind");
        List<Integer> cuts = whole ? List.of() : cuts(response);
        return new Play(seed, method, chance(30), chance(40), response, cuts, ending, List.copyOf(this.changes));
    }

    private boolean chance(int percent) {
        return this.random.nextInt(100) < percent;
    }

    private String any(String[] choices) {
        return choices[this.random.nextInt(choices.length)];
    }

    private void insert(String line) {
        this.lines.add(this.random.nextInt(this.lines.size() + 1), line);
    }

    private String content() {
        int length = chance(10) ? 0 : chance(90) ? 1 + this.random.nextInt(40) : 5000 + this.random.nextInt(30_000);
        StringBuilder content = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            content.append((char) (chance(90) ? 'a' + this.random.nextInt(26) : this.random.nextInt(256)));
        }
        return content.toString();
    }

    /** Fields that mean something to the client. */
    private void aimed(String status) {
        if (status.startsWith("3") && chance(80)) {
            insert("Location: " + any(LOCATIONS));
        }
        if ((status.startsWith("429") || status.startsWith("50")) && chance(60)) {
            insert("Retry-After: " + any(RETRY_AFTERS));
        }
        if (status.startsWith("401") && chance(60)) {
            insert("WWW-Authenticate: Basic realm=\"\\");
        }
        if (chance(12)) {
            insert("Set-Cookie: " + any(COOKIES));
        }
        if (chance(12)) {
            insert("Content-Type: " + any(TYPES));
        }
        if (chance(12)) {
            insert(any(CONNECTIONS));
        }
    }

    private String encode(String content) {
        String coding = chance(50) ? "gzip" : any(ENCODINGS);
        insert("Content-Encoding: " + coding);
        this.changes.add("coding");
        String lower = coding.toLowerCase(Locale.ROOT);
        String encoded = lower.contains("gzip") ? gzip(content)
                : lower.equals("deflate") ? deflate(content) : lower.contains("br") ? BROTLI : content;
        if (chance(40)) {
            this.changes.add("coding spoilt");
            int kind = this.random.nextInt(5);
            encoded = switch (kind) {
                case 0 -> encoded.substring(0, this.random.nextInt(encoded.length() + 1));
                case 1 -> encoded + content();
                case 2 -> encoded + encoded;
                case 3 -> flipped(encoded);
                default -> content;
            };
        }
        return encoded;
    }

    private String flipped(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int at = this.random.nextInt(text.length());
        return text.substring(0, at) + (char) this.random.nextInt(256) + text.substring(at + 1);
    }

    /** Delimit the content. */
    private String frame(String content, int spoilt) {
        int kind = this.random.nextInt(10);
        if (spoilt > 1 && chance(15)) {
            this.changes.add("length");
            insert("Content-Length: " + any(LENGTHS));
        }
        if (spoilt > 1 && chance(12)) {
            this.changes.add("transfer coding");
            insert("Transfer-Encoding: " + any(CODINGS));
        }
        if (spoilt > 1 && chance(12)) {
            this.changes.add("bad line");
            insert(any(BAD_LINES));
        }
        if (kind < 4) {
            int off = (spoilt > 1 && chance(15)) ? this.random.nextInt(7) - 3 : 0;
            insert("Content-Length: " + Math.max(0, content.length() + off));
            return content;
        }
        if (kind < 8) {
            insert("Transfer-Encoding: chunked");
            return chunks(content, spoilt);
        }
        return (kind == 8) ? content : "";
    }

    private String chunks(String content, int spoilt) {
        StringBuilder chunks = new StringBuilder();
        for (int start = 0; start < content.length();) {
            int size = Math.min(content.length() - start, 1 + this.random.nextInt(chance(50) ? 8 : 10_000));
            String chunk = content.substring(start, start + size);
            start += size;
            if (spoilt > 0 && chance(6)) {
                this.changes.add("chunk size");
                chunk = "hello";
                chunks.append(any(SIZES));
            }
            else {
                chunks.append(Integer.toHexString(size));
            }
            String end = (spoilt > 0 && chance(2)) ? any(new String[] { "", "\n", "\r", "x\r\n", "\r\r\n", "\n\r\n" })
                    : "\r\n";
            chunks.append("\r\n").append(chunk).append(end);
        }
        chunks.append((spoilt > 0 && chance(6)) ? any(SIZES) : "0").append("\r\n");
        if (chance(15)) {
            this.changes.add("trailer");
            chunks.append(any(TRAILERS)).append("\r\n");
        }
        return chunks.append("\r\n").toString();
    }

    /** Spoil single bytes. */
    private String bytes(String valid, int spoilt) {
        String response = valid;
        if (spoilt > 2 && chance(40)) {
            int around = chance(70) ? Math.min(valid.length(), valid.indexOf("\r\n\r\n") + 4) : valid.length();
            int at = this.random.nextInt(Math.max(1, around));
            String one = String.valueOf(BYTES.charAt(this.random.nextInt(BYTES.length())));
            int kind = this.random.nextInt(3);
            this.changes.add("byte " + at);
            response = switch (kind) {
                case 0 -> response.substring(0, at) + one + response.substring(at);
                case 1 -> response.substring(0, at) + one + response.substring(Math.min(response.length(), at + 1));
                default -> response.substring(0, at) + response.substring(Math.min(response.length(), at + 1));
            };
        }
        if (spoilt > 1 && chance(20)) {
            int end = this.random.nextInt(response.length() + 1);
            this.changes.add("ends at " + end);
            response = response.substring(0, end);
        }
        else if (spoilt > 0 && chance(6)) {
            this.changes.add("something behind");
            response += any(new String[] { "\r\n", "\n", "x", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "\0",
                    "\r\n\r\n", "HTTP/1.1", content() });
        }
        if (spoilt > 2 && chance(4)) {
            this.changes.add("LF alone");
            response = response.replace("\r\n", "\n");
        }
        return response;
    }

    private Play.Ending ending(String head) {
        if (!head.contains("Content-Length") && !head.contains("chunked")) {
            return chance(80) ? Play.Ending.FIN : chance(50) ? Play.Ending.RESET : Play.Ending.KEEP;
        }
        return chance(60) ? Play.Ending.KEEP : chance(80) ? Play.Ending.FIN : Play.Ending.RESET;
    }

    private List<Integer> cuts(String response) {
        TreeSet<Integer> cuts = new TreeSet<>();
        if (chance(25) && response.length() > 1) {
            for (int i = this.random.nextInt(4); i >= 0; i--) {
                cuts.add(1 + this.random.nextInt(Math.min(response.length() - 1, 600)));
            }
        }
        return List.copyOf(cuts);
    }

    private static String gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String deflate(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

}
