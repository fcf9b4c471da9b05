package dev.outbound.sample.store;

import java.math.BigDecimal;

/**
 * A price, as {@code pricing} tells it.
 *
 * @param amount the amount
 * @param currency the code of the currency
 */
public record Price(BigDecimal amount, String currency) {

}
