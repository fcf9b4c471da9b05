/**
 * The storefront: what it asks its upstreams, and what it makes of the answers. This is
 * the part to copy.
 */
@NullMarked
package dev.outbound.sample.store;

import org.jspecify.annotations.NullMarked;
