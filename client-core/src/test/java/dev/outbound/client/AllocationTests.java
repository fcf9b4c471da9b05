package dev.outbound.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Guards what a call costs: the bytes it allocates with everything on, over those of the
 * bare engine and over those recorded here. Bytes and not times: they are the same on
 * every machine.
 */
class AllocationTests {

    /**
     * Measured on JDK 25, hardly less on 17; may grow by 5 % before somebody has to look.
     */
    private static final Map<String, Long> RECORDED = Map.of(CallAllocation.UNOBSERVED, 5270L, CallAllocation.OBSERVED,
            7900L, CallAllocation.REACTIVE, 13700L);

    private static Map<String, Long> measured = Map.of();

    @BeforeAll
    static void measure() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), CallAllocation.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            measured = lines.lines()
                .map((line) -> line.split(" "))
                .collect(Collectors.toMap((words) -> words[0], (words) -> Long.valueOf(words[1])));
        }
        assertThat(process.waitFor()).as("exit code").isZero();
        System.out.println("bytes per call: " + measured);
    }

    @Test
    void aBlockingCallCostsLittleMoreThanTheBareEngine() {
        long bare = measured.get(CallAllocation.BARE);
        assertThat(measured.get(CallAllocation.UNOBSERVED)).isLessThanOrEqualTo(bare + 1024);
        assertThat(measured.get(CallAllocation.OBSERVED)).isLessThanOrEqualTo(bare + 4096);
    }

    @Test
    void aCallCostsLittleMoreThanRecorded() {
        RECORDED
            .forEach((name, bytes) -> assertThat(measured.get(name)).as(name).isLessThanOrEqualTo(bytes + bytes / 20));
    }

}
