package dev.outbound.sample;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;

import dev.outbound.boot.Clients;
import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.mock.Fault;
import dev.outbound.mock.MockRouter;
import dev.outbound.sample.store.Catalog;
import dev.outbound.sample.store.Pricing;
import dev.outbound.sample.store.Reports;
import dev.outbound.sample.store.Reviews;
import dev.outbound.sample.store.Storefront;
import dev.outbound.sample.upstream.CatalogScript;
import dev.outbound.sample.upstream.PricingScript;
import dev.outbound.sample.upstream.ReportsScript;
import dev.outbound.sample.upstream.ReviewsScript;

import static dev.outbound.mock.WebFluxUpstream.of;
import static org.assertj.core.api.Assertions.assertThat;

/** The main job, with the scripts of the demo in process. */
@ClientTest(components = { Catalog.class, Pricing.class, Reports.class, Reviews.class, Storefront.class })
class MainJobTests {

    @MockUpstream
    private MockRouter pricing;

    @Autowired
    private Clients clients;

    private MainJob job;

    @BeforeEach
    void demo(@MockUpstream MockRouter catalog, @MockUpstream MockRouter reports, @MockUpstream MockRouter reviews,
            @Autowired Catalog products, @Autowired Pricing prices, @Autowired Reports files,
            @Autowired Reviews opinions, @Autowired Storefront storefront) {
        catalog.any("").handledBy(of(CatalogScript.routes()));
        reports.any("").handledBy(of(ReportsScript.routes(32)));
        reviews.any("").handledBy(of(ReviewsScript.routes()));
        this.job = new MainJob(new StoreChecks(products, prices, storefront, this.clients.reactiveClient("pricing"),
                opinions, this.clients), new ReportChecks(files), this.clients);
    }

    @Test
    void callsEveryUpstreamAndTellsWhatEachClientDid() throws Exception {
        this.pricing.get("/prices/teapot")
            .header("Authorization", "Bearer test-token")
            .reply((r) -> r.delayHead(Duration.ofSeconds(2)))
            .times(1);
        this.pricing.any("").handledBy(of(PricingScript.routes("test-token", Duration.ZERO)));
        this.job.run(new DefaultApplicationArguments());
        assertThat(this.job.getExitCode()).isZero();
        assertThat(new ClientTable(this.clients).toString().lines())
            .anyMatch((line) -> line.matches("  catalog +\\d+ +\\d+ +[1-9]\\d* +200 +\\d+ ms"))
            .anyMatch((line) -> line.matches("  reviews +\\d+ +\\d+ +0 +200 +\\d+ ms"));
    }

    @Test
    void exitCodeTellsThatAnUpstreamFailed() throws Exception {
        this.pricing.any("").reply(Fault.refused());
        this.job.run(new DefaultApplicationArguments());
        assertThat(this.job.getExitCode()).isEqualTo(1);
    }

}
