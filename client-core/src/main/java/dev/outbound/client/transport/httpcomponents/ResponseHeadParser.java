package dev.outbound.client.transport.httpcomponents;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.Limits;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.transport.Failures;

/**
 * Reads the head of a response by the letter of RFC 9112. HttpClient's parser skips what
 * it does not understand, folds lines and knows no limit for the whole head.
 */
final class ResponseHeadParser implements HttpMessageParser<ClassicHttpResponse> {

    private static final String START = "HTTP/";

    private final Limits limits;

    private final CharArrayBuffer line = new CharArrayBuffer(128);

    private final Source source = new Source();

    private @Nullable SessionInputBuffer buffer;

    ResponseHeadParser(Limits limits) {
        this.limits = limits;
    }

    /** Return how many bytes were received and not read. */
    int unread() {
        return (this.buffer != null) ? this.buffer.length() : 0;
    }

    @Override
    public @Nullable ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException {
        this.buffer = buffer;
        this.source.over(in);
        if (!readFirstLine(buffer)) {
            return null;
        }
        ClassicHttpResponse response = statusLine();
        int size = this.line.length();
        for (int lines = 0;; lines++) {
            readLine(buffer);
            if (this.line.isEmpty()) {
                return response;
            }
            size += this.line.length() + 2;
            if (size > this.limits.head() || lines == this.limits.headLines()) {
                throw new LimitExceededException(Phase.HEAD, "the head of the response has more than "
                        + this.limits.headLines() + " lines or " + this.limits.head() + " bytes", null);
            }
            response.addHeader(fieldLine());
        }
    }

    /** Return whether there is one: the connection may have ended before. */
    private boolean readFirstLine(SessionInputBuffer buffer) throws IOException {
        this.line.clear();
        for (int i = 0; i < START.length(); i++) {
            int b = buffer.read(this.source);
            if (b < 0 && i == 0) {
                return false;
            }
            if (b < 0) {
                throw closed();
            }
            this.line.append((char) b);
            if (b != START.charAt(i)) {
                throw notHttp(buffer);
            }
        }
        readRestOfLine(buffer);
        return true;
    }

    /**
     * What cannot become a status line is not waited for, but told as far as it has come.
     */
    private RemoteProtocolException notHttp(SessionInputBuffer buffer) throws IOException {
        int end = this.line.indexOf('\n');
        while (end < 0 && buffer.length() > 0) {
            this.line.append((char) buffer.read(this.source));
            end = this.line.indexOf('\n', this.line.length() - 1, this.line.length());
        }
        if (end < 0) {
            return broken("the response is not HTTP: it begins with ");
        }
        this.line.setLength((end > 0 && this.line.charAt(end - 1) == '\r') ? end - 1 : end);
        return broken("the response is not HTTP: its first line is ");
    }

    private void readLine(SessionInputBuffer buffer) throws IOException {
        this.line.clear();
        readRestOfLine(buffer);
    }

    private void readRestOfLine(SessionInputBuffer buffer) throws IOException {
        // The buffer gives what there is for a line, even if its end is missing.
        if (buffer.readLine(this.line, this.source) < 0 || this.source.ended) {
            throw closed();
        }
    }

    private static IOException closed() {
        return new ConnectionClosedException("The connection was closed within the head of the response");
    }

    private ClassicHttpResponse statusLine() {
        int length = this.line.length();
        boolean known = length >= 12 && isVersionKnown() && this.line.charAt(8) == ' '
                && (length == 12 || this.line.charAt(12) == ' ');
        int status = known ? 100 * digit(9) + 10 * digit(10) + digit(11) : -1;
        if (status < 100) {
            throw broken("the response is not HTTP: its first line is ");
        }
        String reason = (length > 13) ? text(13, length) : "";
        ClassicHttpResponse response = new BasicClassicHttpResponse(status, reason);
        response.setVersion((this.line.charAt(7) == '1') ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0);
        return response;
    }

    /** What is before the version was read one by one. */
    private boolean isVersionKnown() {
        return this.line.charAt(5) == '1' && this.line.charAt(6) == '.'
                && (this.line.charAt(7) == '0' || this.line.charAt(7) == '1');
    }

    /** Return a value that makes the status negative where there is no digit. */
    private int digit(int index) {
        char c = this.line.charAt(index);
        return (c >= '0' && c <= '9') ? c - '0' : -1000;
    }

    /** Return whether a line begins with a name and a colon. */
    private static boolean isFieldLine(CharArrayBuffer line) {
        int colon = line.indexOf(':');
        for (int i = 0; i < colon; i++) {
            if (!isTokenCharacter(line.charAt(i))) {
                return false;
            }
        }
        return colon > 0;
    }

    private Header fieldLine() {
        if (!isFieldLine(this.line)) {
            throw broken("the response has a line that is not a field: ");
        }
        int colon = this.line.indexOf(':');
        return new BasicHeader(this.line.substring(0, colon), text(colon + 1, this.line.length()));
    }

    private String text(int begin, int end) {
        if (hasControl(this.line, begin)) {
            throw broken("the response has a line with a control character: ");
        }
        return this.line.substringTrimmed(begin, end);
    }

    /** Return whether there is a control character, other than a tab. */
    private static boolean hasControl(CharArrayBuffer line, int begin) {
        for (int i = begin; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Only up to a colon: what is behind it may be a secret. */
    private RemoteProtocolException broken(String message) {
        int colon = this.line.indexOf(':');
        String shown = this.line.substring(0, (colon >= 0) ? colon : this.line.length());
        return new RemoteProtocolException(Phase.HEAD, message + Failures.quote(shown), null);
    }

    /** Remembers whether the connection has ended. */
    private static final class Source extends InputStream {

        private InputStream in = InputStream.nullInputStream();

        private boolean ended;

        void over(InputStream in) {
            this.in = in;
            this.ended = false;
        }

        @Override
        public int read() throws IOException {
            int b = this.in.read();
            this.ended = b < 0;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = this.in.read(target, offset, length);
            this.ended = count < 0;
            return count;
        }

    }

}
