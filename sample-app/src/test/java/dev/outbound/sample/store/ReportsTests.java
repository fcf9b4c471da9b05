package dev.outbound.sample.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.client.http.LimitExceededException;
import dev.outbound.client.http.TruncatedBodyException;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ClientTest(Reports.class)
class ReportsTests {

    private static final byte[] LARGE = new byte[3_000_000];

    @MockUpstream
    private MockRouter reports;

    @Autowired
    private Reports service;

    @TempDir
    private Path directory;

    @Test
    void loadsMoreThanIsReadIntoMemory() throws IOException {
        this.reports.get("/reports/sales").reply((r) -> r.body(LARGE).header("Repr-Digest", "sha-256=:AA==:"));
        Path file = this.directory.resolve("sales.bin");
        assertThat(this.service.download("sales", file)).isEqualTo("sha-256=:AA==:");
        assertThat(Files.size(file)).isEqualTo(LARGE.length);
        Path again = this.directory.resolve("again.bin");
        assertThat(this.service.downloadLater("sales", again).block()).isEqualTo("sha-256=:AA==:");
        assertThat(again).hasSameBinaryContentAs(file);
    }

    @Test
    void brokenDownloadIsNoFile() {
        this.reports.get("/reports/sales").reply((r) -> r.body(LARGE).fault(Fault.truncateAfter(1000)));
        assertThatExceptionOfType(TruncatedBodyException.class)
            .isThrownBy(() -> this.service.download("sales", this.directory.resolve("sales.bin")));
        assertThatExceptionOfType(TruncatedBodyException.class)
            .isThrownBy(() -> this.service.downloadLater("sales", this.directory.resolve("sales.bin")).block());
    }

    @Test
    void sendsTheFileAsOnePart() throws IOException {
        Path file = Files.writeString(this.directory.resolve("sales.csv"), "a,b");
        this.reports.post("/reports").file("report", "sales.csv", "a,b").reply((r) -> r.json("""
                {"fileName": "sales.csv", "size": 3, "digest": "none"}"""));
        assertThat(this.service.upload(file)).isEqualTo(new Receipt("sales.csv", 3, "none"));
    }

    @Test
    void answerToAnUploadMustFitIntoMemory() throws IOException {
        Path file = Files.writeString(this.directory.resolve("sales.csv"), "a,b");
        this.reports.post("/reports").reply((r) -> r.body(LARGE));
        assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> this.service.upload(file))
            .withMessageContaining("response-body");
    }

}
