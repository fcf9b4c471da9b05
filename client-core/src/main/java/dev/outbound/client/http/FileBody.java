package dev.outbound.client.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.http.MediaType;

final class FileBody extends RequestBody {

    private final Path file;

    private final MediaType contentType;

    FileBody(Path file, MediaType contentType) {
        this.file = file;
        this.contentType = contentType;
    }

    @Override
    public MediaType contentType() {
        return this.contentType;
    }

    @Override
    public long contentLength() {
        try {
            return Files.size(this.file);
        }
        catch (IOException ex) {
            throw new UncheckedIOException("Cannot read " + this.file, ex);
        }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Files.copy(this.file, out);
    }

}
