package dev.outbound.sample;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The application as {@code --demo.exit=true} starts it.
 */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class MainJobTests {

    @Test
    void exitsWithZeroWhenAllCameOutRight(CapturedOutput output) {
        assertThat(run()).isZero();
        assertThat(output).contains("All came out right").doesNotContain("WRONG");
    }

    @Test
    void exitsWithAnotherCodeAndTellsWhatWentWrong(CapturedOutput output) {
        assertThat(run("--outbound.clients.pricing.auth.token=stolen")).isNotZero();
        assertThat(output).contains("WRONG  pricing", "401 Unauthorized", "Went wrong: pricing, product page")
            .contains("ok     catalog")
            .doesNotContain("stolen");
    }

    @Test
    void wrongKeyIsReportedAndNotThrownAtTheUser(CapturedOutput output) {
        assertThatException().isThrownBy(() -> run("--outbound.clients.catalog.retry.max-retrys=3"));
        assertThat(output).contains("APPLICATION FAILED TO START", "max-retrys", "max-retries").doesNotContain("\tat ");
    }

    private static int run(String... args) {
        String[] all = new String[args.length + 1];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--demo.exit=true";
        return SpringApplication.exit(SpringApplication.run(SampleApplication.class, all));
    }

}
