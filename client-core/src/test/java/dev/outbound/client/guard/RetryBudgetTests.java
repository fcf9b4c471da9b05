package dev.outbound.client.guard;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class RetryBudgetTests {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static int withdrawals(RetryBudget budget, long now) {
        int retries = 0;
        while (budget.withdraw(now)) {
            retries++;
        }
        return retries;
    }

    @Test
    void beginsWithTenRetries() {
        assertThat(withdrawals(new RetryBudget(0, 0), 5)).isEqualTo(10);
    }

    @Test
    void getsPartOfARetryForEachCall() {
        RetryBudget budget = new RetryBudget(0.1, 0);
        withdrawals(budget, 0);
        for (int i = 0; i < 55; i++) {
            budget.deposit();
        }
        assertThat(withdrawals(budget, 0)).isEqualTo(5);
    }

    @Test
    void getsRetriesForTimeThatPasses() {
        RetryBudget budget = new RetryBudget(0, 2);
        withdrawals(budget, 7 * SECOND);
        assertThat(withdrawals(budget, 10 * SECOND)).isEqualTo(6);
    }

    @Test
    void savesUpAHundredAtMost() {
        RetryBudget budget = new RetryBudget(1, 1000);
        budget.balance(0);
        for (int i = 0; i < 500; i++) {
            budget.deposit();
        }
        assertThat(budget.balance(3600 * SECOND)).isEqualTo(100);
    }

    @Test
    void countsNoTimeTwiceWhenThreadsComeInAnotherOrder() {
        RetryBudget budget = new RetryBudget(0, 1);
        withdrawals(budget, 0);
        budget.balance(3 * SECOND);
        budget.balance(SECOND);
        assertThat(budget.balance(3 * SECOND)).isCloseTo(3, within(1e-9));
    }

    @Test
    void worksWithATimeThatWrapsAround() {
        RetryBudget budget = new RetryBudget(0, 1);
        withdrawals(budget, Long.MAX_VALUE - SECOND + 1);
        assertThat(budget.balance(Long.MIN_VALUE + SECOND)).isCloseTo(2, within(1e-9));
    }

    @Test
    void refusesNumbersThatAreNone() {
        for (double wrong : new double[] { -0.1, 1.1, Double.NaN }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(wrong, 1))
                .withMessageContaining("ratio");
        }
        for (double wrong : new double[] { -1, Double.NaN, Double.POSITIVE_INFINITY }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(0.1, wrong))
                .withMessageContaining("perSecond");
        }
    }

}
