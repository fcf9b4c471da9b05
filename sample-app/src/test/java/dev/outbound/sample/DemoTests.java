package dev.outbound.sample;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import dev.outbound.client.Client;
import dev.outbound.client.http.Response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** The demo, with its upstreams on real sockets: all else is tested without. */
@Tag("slow")
@Isolated
@ExtendWith(OutputCaptureExtension.class)
class DemoTests {

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
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 2, args.length);
        all[0] = "--spring.profiles.active=demo";
        all[1] = "--demo.exit=true";
        return SpringApplication.exit(SpringApplication.run(SampleApplication.class, all));
    }

    @Nested
    @SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
    @ActiveProfiles("demo")
    class Running {

        @Autowired
        private MainJob job;

        @Test
        void upstreamIsStoppedAndStartedAndHealthTells(@LocalServerPort int port) {
            assertThat(this.job.getExitCode()).isZero();
            try (Client browser = Client.builder().baseUrl("http://localhost:" + port).build()) {
                assertThat(health(browser)).isEqualTo("UP");
                browser.post("/upstreams/pricing/stop").raiseForStatus();
                assertThat(health(browser)).isEqualTo("DEGRADED");
                assertThat(browser.get("/").raiseForStatus().text()).contains("price unavailable", "pricing: stopped",
                        "reports: running");
                browser.post("/upstreams/pricing/start").raiseForStatus();
                assertThat(health(browser)).isEqualTo("UP");
                assertThat(browser.get("/products/teapot").raiseForStatus().text()).contains("34.50 EUR");
                assertThat(browser.post("/upstreams/nothing/stop").statusCode()).isEqualTo(404);
            }
        }

        private static String health(Client browser) {
            Response response = browser.get("/actuator/health").raiseForStatus();
            return response.json().at("/components/outbound/components/pricing/status").asString();
        }

    }

}
