package dev.outbound.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.Assert;

import dev.outbound.sample.store.Receipt;
import dev.outbound.sample.store.Reports;

/**
 * Loads from {@code reports} and sends to it more than the client would read into memory.
 * Each check says what it found, or fails with what is wrong.
 */
@Component
@Profile("demo")
class ReportChecks {

    private final Reports reports;

    ReportChecks(Reports reports) {
        this.reports = reports;
    }

    String download(Path file) throws Exception {
        return compare(file, this.reports.download("sales", file));
    }

    String downloadReactively(Path file) throws Exception {
        return compare(file, this.reports.downloadLater("sales", file).block());
    }

    private static String compare(Path file, @Nullable String announced) throws Exception {
        Assert.state(digest(file).equals(announced), "the file is not what the server announced");
        return Files.size(file) + " bytes, " + announced;
    }

    String upload(Path file) throws Exception {
        Receipt receipt = this.reports.upload(file);
        Assert.state(receipt.size() == Files.size(file) && receipt.digest().equals(digest(file)),
                () -> "the server received something else: " + receipt);
        return receipt.size() + " bytes, received as " + receipt.fileName();
    }

    private static String digest(Path file) throws GeneralSecurityException, IOException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            Files.copy(file, out);
        }
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.digest()) + ":";
    }

}
