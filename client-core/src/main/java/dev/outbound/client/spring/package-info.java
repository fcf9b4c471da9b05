/**
 * A client behind Spring's own APIs: a request factory for {@code RestClient} and
 * {@code RestTemplate}, a connector for {@code WebClient}. Each of their calls is a call
 * of the client. The other direction, Spring's engines under a client, is in
 * {@code dev.outbound.client.transport.spring}.
 */
@NullMarked
package dev.outbound.client.spring;

import org.jspecify.annotations.NullMarked;
