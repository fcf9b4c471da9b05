/**
 * The lanes on the JDK's own {@link java.net.http.HttpClient}, blocking and reactive.
 * They need no library, and speak HTTP/2 where a server offers it.
 * <p>
 * That client tells nothing of a call between its sending and the head of its response,
 * has one limit for all of it, and reads responses less strictly than the other lanes.
 * Its one seam through which the bytes of a connection pass is the TLS engine that it is
 * given. So each connection has a {@link dev.outbound.client.transport.jdk.TappedEngine}
 * there, with a real one behind it for https, and none for http: it notes how far a call
 * has come, writes the head of the request as the other lanes do, and reads the head of
 * the response by the letter. Connections, their pool, TLS, chunks and backpressure stay
 * the JDK's.
 */
@NullMarked
package dev.outbound.client.transport.jdk;

import org.jspecify.annotations.NullMarked;
