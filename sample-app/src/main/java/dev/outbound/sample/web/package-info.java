/**
 * What the sample serves: the storefront as HTML and JSON, and the switches of its
 * upstreams.
 */
@NullMarked
package dev.outbound.sample.web;

import org.jspecify.annotations.NullMarked;
