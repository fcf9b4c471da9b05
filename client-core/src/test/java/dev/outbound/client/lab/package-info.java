/**
 * The fault laboratory: servers that do exactly what a test tells them, and transports
 * that count what was handed out. All suites share it; nothing in it knows an engine.
 */
@NullMarked
package dev.outbound.client.lab;

import org.jspecify.annotations.NullMarked;
