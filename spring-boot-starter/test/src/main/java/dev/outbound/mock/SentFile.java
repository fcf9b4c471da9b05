package dev.outbound.mock;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * A file that a multipart request brings. Immutable.
 *
 * @since 0.1
 */
public final class SentFile {

    private final String name;

    private final String fileName;

    private final @Nullable String contentType;

    private final byte[] content;

    SentFile(String name, String fileName, @Nullable String contentType, byte[] content) {
        this.name = name;
        this.fileName = fileName;
        this.contentType = contentType;
        this.content = content;
    }

    /**
     * Return the name of the form's field.
     * @return the name
     */
    public String name() {
        return this.name;
    }

    public String fileName() {
        return this.fileName;
    }

    public @Nullable String contentType() {
        return this.contentType;
    }

    public byte[] bytes() {
        return this.content.clone();
    }

    public String text() {
        return new String(this.content, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return this.name + " (" + this.fileName + ", " + this.content.length + " bytes)";
    }

}
