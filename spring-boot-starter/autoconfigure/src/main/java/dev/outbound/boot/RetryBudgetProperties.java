package dev.outbound.boot;

/**
 * How many retries there may be, over all calls of a client.
 *
 * @since 0.1
 */
public class RetryBudgetProperties {

    /**
     * Retries for each call, 0 to 1: 0.1 allows retries of 10 % of the calls.
     */
    private double ratio = 0.1;

    /**
     * Retries each second that are allowed in any case.
     */
    private double minPerSecond = 1.0;

    public double getRatio() {
        return this.ratio;
    }

    public void setRatio(double ratio) {
        this.ratio = ratio;
    }

    public double getMinPerSecond() {
        return this.minPerSecond;
    }

    public void setMinPerSecond(double minPerSecond) {
        this.minPerSecond = minPerSecond;
    }

}
