package dev.outbound.boot;

import java.util.Map;

/**
 * What is written under {@code outbound}, sorted by what it is for.
 *
 * @param global what is set once
 * @param defaults what every client inherits
 * @param clients the clients in the order of their names
 */
record Declarations(Block global, Block defaults, Map<String, Block> clients) {

}
