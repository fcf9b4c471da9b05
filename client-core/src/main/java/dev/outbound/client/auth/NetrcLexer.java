package dev.outbound.client.auth;

import org.jspecify.annotations.Nullable;

/**
 * Splits a netrc file into words. Messages name lines, never words: any could be a
 * password.
 */
final class NetrcLexer {

    private final String text;

    private int position;

    private int line = 1;

    private @Nullable String peeked;

    NetrcLexer(String text) {
        this.text = text;
    }

    @Nullable String peek() {
        if (this.peeked == null) {
            this.peeked = read();
        }
        return this.peeked;
    }

    @Nullable String next() {
        String word = peek();
        this.peeked = null;
        return word;
    }

    String value(String name) {
        String value = next();
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' in line " + this.line + " has no value");
        }
        return value;
    }

    IllegalArgumentException unexpected(String expected) {
        return new IllegalArgumentException(expected + " was expected in line " + this.line);
    }

    /** A word that begins with a number sign was read; leave the rest of its line. */
    void skipLine() {
        while (this.position < this.text.length() && this.text.charAt(this.position - 1) != '\n') {
            read(this.text.charAt(this.position));
        }
    }

    /** A macro ends with an empty line. */
    void skipMacro() {
        int end = this.text.indexOf("\n\n", this.position);
        if (end < 0) {
            throw new IllegalArgumentException("the macro in line " + this.line + " does not end with an empty line");
        }
        while (this.position < end) {
            read(this.text.charAt(this.position));
        }
    }

    private @Nullable String read() {
        while (this.position < this.text.length() && isSpace(this.text.charAt(this.position))) {
            read(this.text.charAt(this.position));
        }
        if (this.position == this.text.length()) {
            return null;
        }
        boolean quoted = this.text.charAt(this.position) == '"';
        this.position += quoted ? 1 : 0;
        StringBuilder word = new StringBuilder();
        while (this.position < this.text.length()) {
            char c = read(this.text.charAt(this.position));
            if (quoted ? c == '"' : isSpace(c)) {
                break;
            }
            boolean escape = c == '\\' && this.position < this.text.length();
            word.append(escape ? read(this.text.charAt(this.position)) : c);
        }
        return word.toString();
    }

    private char read(char c) {
        this.position++;
        this.line += (c == '\n') ? 1 : 0;
        return c;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

}
