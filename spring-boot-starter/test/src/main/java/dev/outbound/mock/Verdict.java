package dev.outbound.mock;

import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What the routers of a test have to say when it is over.
 */
final class Verdict {

    private Verdict() {
    }

    /**
     * Fail with everything that is wrong.
     * @param failure what the test failed with by itself, or {@code null}: what it did
     * not call then is no news, but a request without a route is likely why
     */
    static void check(MockScope scope, @Nullable Throwable failure) {
        String report = scope.routers()
            .values()
            .stream()
            .map((router) -> router.report(failure != null))
            .filter((text) -> !text.isEmpty())
            .collect(Collectors.joining("\n\n"));
        if (!report.isEmpty() && !(failure instanceof UnmatchedRequestError)) {
            throw new AssertionError(report);
        }
    }

}
