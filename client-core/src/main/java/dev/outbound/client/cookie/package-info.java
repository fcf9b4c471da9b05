/**
 * What a client remembers of cookies: which ones it keeps, for how long, and which ones
 * go with a request. What a cookie is, and how a response sets one, is
 * {@link dev.outbound.client.http.Cookie}. Time is passed in; nothing here sends
 * anything.
 */
@NullMarked
package dev.outbound.client.cookie;

import org.jspecify.annotations.NullMarked;
