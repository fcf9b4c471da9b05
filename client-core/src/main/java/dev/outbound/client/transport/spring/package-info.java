/**
 * Adapters for Spring's engines, for those that this project has no transport of its own
 * for. They do what Spring's interfaces allow, which is less than a transport promises.
 */
@NullMarked
package dev.outbound.client.transport.spring;

import org.jspecify.annotations.NullMarked;
