package dev.outbound.mock;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import dev.outbound.client.Outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@MockOutbound(everyThread = true)
class EveryThreadTests {

    @Test
    void threadsOfItsOwnBelongToTheTest(MockRouter router) throws Exception {
        router.get("https://other.test/a").reply((r) -> r.text("mocked"));
        assertThat(CompletableFuture.supplyAsync(() -> Outbound.get("https://other.test/a")).get().text())
            .isEqualTo("mocked");
    }

    @Test
    void noOtherTestMayRunMeanwhile() {
        CompletableFuture<MockScope> another = CompletableFuture
            .supplyAsync(() -> MockScope.open("another", false, MockRouter::create));
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(another::get)
            .havingCause()
            .isInstanceOf(IllegalStateException.class)
            .withMessage("Test 'EveryThreadTests.noOtherTestMayRunMeanwhile()' has every thread, and cannot run in "
                    + "parallel with 'another'. Give both @ResourceLock(MockScope.LOCK)");
    }

}
