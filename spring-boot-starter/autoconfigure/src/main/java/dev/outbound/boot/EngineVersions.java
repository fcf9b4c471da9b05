package dev.outbound.boot;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Libraries below the clients that are known to be vulnerable in earlier versions. Spring
 * Boot manages their versions, so that an application may have others than this project
 * is built with.
 */
final class EngineVersions {

    /** Each with a small class of the jar whose manifest tells the version. */
    static final List<Floor> FLOORS = List.of(
            // Heads without a limit, in HTTP/1.1 and HTTP/2. The clients limit the one
            // and do
            // not use the other; their tests pass with 5.4.2, that of Spring Boot 4.1.0.
            new Floor("Apache HttpCore", "org.apache.hc.core5.http.HttpVersion", "5.4.3", "5.4.2", "httpcore5.version",
                    "CVE-2026-54399, CVE-2026-54428"),
            new Floor("Netty", "io.netty.handler.codec.http.HttpVersion", "4.2.15", "netty.version",
                    "CVE-2026-41417, CVE-2026-42584, CVE-2026-50020"),
            new Floor("Reactor Netty", "reactor.netty.http.HttpProtocol", "1.3.6", "reactor-bom.version",
                    "CVE-2026-41715"),
            new Floor("Spring Framework", "org.springframework.http.HttpMethod", "7.0.8", "spring-framework.version",
                    "CVE-2026-41854"),
            new Floor("Jackson", "tools.jackson.databind.cfg.PackageVersion", "3.1.4", "jackson-bom.version",
                    "CVE-2026-54513"));

    private EngineVersions() {
    }

    static void check(@Nullable ClassLoader classLoader, Problems problems) {
        check((type) -> version(type, classLoader), problems);
    }

    static void check(Function<String, @Nullable String> versions, Problems problems) {
        for (Floor floor : FLOORS) {
            String version = versions.apply(floor.type());
            if (version == null || !isBefore(version, floor.version())) {
                continue;
            }
            String reason = floor.library() + " " + version + " is known to be vulnerable (" + floor.advisories() + ")";
            if (isBefore(version, floor.guarded())) {
                problems.warn("outbound.clients", reason + ".", "Use " + floor.version()
                        + " or later; Spring Boot's property for it is `" + floor.property() + "`.");
            }
            else {
                problems.note("outbound.clients", reason + ", but not through these clients, whose limits hold.",
                        "For whatever else in the application uses it, set Spring Boot's property `" + floor.property()
                                + "` to " + floor.version() + " or later.");
            }
        }
    }

    private static boolean isBefore(String version, String floor) {
        return Arrays.compare(numbers(version), numbers(floor)) < 0;
    }

    /**
     * Return the version of the library that a class is of, or {@code null} where there
     * is no such library, or none that says its version.
     */
    static @Nullable String version(String type, @Nullable ClassLoader classLoader) {
        if (!ClassUtils.isPresent(type, classLoader)) {
            return null;
        }
        return ClassUtils.resolveClassName(type, classLoader).getPackage().getImplementationVersion();
    }

    /** The numbers that a version begins with. */
    private static int[] numbers(String version) {
        return Arrays.stream(version.split("[.-]"))
            .takeWhile((part) -> part.matches("\\d{1,9}"))
            .mapToInt(Integer::parseInt)
            .toArray();
    }

    /**
     * The first version of a library without what is known today.
     *
     * @param type the name of a class of it
     * @param guarded the first one whose weakness the clients do not have, because they
     * guard against it themselves
     * @param property the one that tells Spring Boot the version
     */
    record Floor(String library, String type, String version, String guarded, String property, String advisories) {

        Floor(String library, String type, String version, String property, String advisories) {
            this(library, type, version, version, property, advisories);
        }

    }

}
