package dev.outbound.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import dev.outbound.client.auth.Token;
import dev.outbound.client.auth.TokenSource;

/**
 * A token in a file that something else renews. It is read again when it is some seconds
 * old, or at once where the server refuses it.
 *
 * @param file the file, with nothing but the token and white space around it
 */
record TokenFile(Path file) implements TokenSource {

    private static final Duration FRESH = Duration.ofSeconds(10);

    @Override
    public CompletionStage<Token> fetch(@Nullable String refused) {
        return CompletableFuture.supplyAsync(() -> new Token(read(), FRESH), Schedulers.boundedElastic()::schedule);
    }

    String read() {
        String text;
        try {
            if (!Files.isRegularFile(this.file)) {
                throw new IllegalStateException("Token file " + shown() + (Files.exists(this.file) ? " is not a file."
                        : " does not exist (working directory: " + Path.of("").toAbsolutePath() + ")."));
            }
            text = Files.readString(this.file, StandardCharsets.UTF_8).strip();
        }
        catch (IOException ex) {
            throw new IllegalStateException("Token file " + shown() + " cannot be read (" + ex + ").", ex);
        }
        if (text.isEmpty()) {
            throw new IllegalStateException("Token file " + shown() + " is empty.");
        }
        if (text.chars().anyMatch((c) -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalStateException(
                    "Token file " + shown() + " contains more than a token: white space or other characters within.");
        }
        return text;
    }

    private String shown() {
        return ValueParser.quoted(this.file.toString());
    }

}
