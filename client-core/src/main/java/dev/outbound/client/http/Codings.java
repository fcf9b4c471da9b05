package dev.outbound.client.http;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The content codings that are known here.
 */
final class Codings {

    private static final boolean BROTLI = isPresent("com.aayushatharva.brotli4j.Brotli4jLoader")
            && BrotliCoding.isAvailable();

    private static final boolean ZSTD = isPresent("com.github.luben.zstd.ZstdDecompressCtx")
            && ZstdCoding.isAvailable();

    static final Set<String> NAMES = names();

    private Codings() {
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, Codings.class.getClassLoader());
    }

    private static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names.add("gzip");
        names.add("deflate");
        if (BROTLI) {
            names.add("br");
        }
        if (ZSTD) {
            names.add("zstd");
        }
        return Collections.unmodifiableSet(names);
    }

    static @Nullable Coding find(String name) {
        return switch (name) {
            // RFC 9110, section 8.4.1.3: x-gzip is another name of it.
            case "gzip", "x-gzip" -> new GzipCoding();
            case "deflate" -> new DeflateCoding();
            case "br" -> BROTLI ? new BrotliCoding() : null;
            case "zstd" -> ZSTD ? new ZstdCoding() : null;
            default -> null;
        };
    }

}
