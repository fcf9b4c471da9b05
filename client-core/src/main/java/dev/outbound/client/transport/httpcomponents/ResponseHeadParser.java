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
            if (!readLine(buffer)) {
                throw closed();
            }
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

    private boolean readFirstLine(SessionInputBuffer buffer) throws IOException {
        try {
            return readLine(buffer);
        }
        catch (ConnectionClosedException ex) {
            // What cannot become a status line is no head that was cut off.
            int length = Math.min(this.line.length(), 5);
            if (!this.line.substring(0, length).equals("HTTP/".substring(0, length))) {
                throw broken("the response is not HTTP: it begins with ");
            }
            throw ex;
        }
    }

    private boolean readLine(SessionInputBuffer buffer) throws IOException {
        this.line.clear();
        if (buffer.readLine(this.line, this.source) < 0) {
            return false;
        }
        // The buffer gives what there is for a line, even if its end is missing.
        if (this.source.ended) {
            throw closed();
        }
        return true;
    }

    private static IOException closed() {
        return new ConnectionClosedException("The connection was closed within the head of the response");
    }

    private ClassicHttpResponse statusLine() {
        int length = this.line.length();
        boolean known = length >= 12 && startsWithVersion() && this.line.charAt(8) == ' '
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

    private boolean startsWithVersion() {
        for (int i = 0; i < 7; i++) {
            if (this.line.charAt(i) != "HTTP/1.".charAt(i)) {
                return false;
            }
        }
        return this.line.charAt(7) == '0' || this.line.charAt(7) == '1';
    }

    /** Return a value that makes the status negative where there is no digit. */
    private int digit(int index) {
        char c = this.line.charAt(index);
        return (c >= '0' && c <= '9') ? c - '0' : -1000;
    }

    /** Return whether a line begins with a name and a colon. */
    static boolean isFieldLine(CharArrayBuffer line) {
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
    static boolean hasControl(CharArrayBuffer line, int begin) {
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
    static final class Source extends InputStream {

        private InputStream in = InputStream.nullInputStream();

        private boolean ended;

        boolean isEnded() {
            return this.ended;
        }

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
