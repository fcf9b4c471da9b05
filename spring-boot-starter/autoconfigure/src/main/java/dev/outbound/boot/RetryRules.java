package dev.outbound.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.retry.RetryPolicy;

/**
 * Retries do not harm, and their numbers fit together.
 */
final class RetryRules {

    private static final Set<String> USELESS = Set.of("400", "401", "403", "404", "405", "406", "410", "411", "413",
            "414", "415", "422", "501");

    private RetryRules() {
    }

    static void check(BoundClient client) {
        RetryProperties retry = client.properties().getRetry();
        if (retry == null) {
            return;
        }
        checkNumbers(client, retry);
        checkDelays(client, retry);
        checkStatuses(client, retry.getStatuses());
        checkMethods(client, retry);
        checkUseless(client, retry.getStatuses());
        RetryBudgetProperties budget = retry.getBudget();
        if (budget != null) {
            checkBudget(client, budget);
        }
    }

    private static void checkNumbers(BoundClient client, RetryProperties retry) {
        int retries = retry.getMaxRetries();
        if (retries < 0) {
            client.fail("retry.max-retries", "max-retries cannot be negative.",
                    "Use 0 for \"no retry\" or remove the retry block.");
        }
        if (retries > RetryPolicy.MAX_RETRIES) {
            client.fail("retry.max-retries",
                    retries + " retries can multiply load on a failing server by " + (retries + 1L) + ". The limit is "
                            + RetryPolicy.MAX_RETRIES + ".",
                    "Use " + RetryPolicy.MAX_RETRIES + " or less (2 is the default).");
        }
        if (retry.getMultiplier() < 1) {
            client.fail("retry.multiplier",
                    "The multiplier must be at least 1.0; with " + retry.getMultiplier() + " waits would get shorter.",
                    "Use 2.0.");
        }
    }

    private static void checkDelays(BoundClient client, RetryProperties retry) {
        String delay = client.text("retry.delay", DurationText.shown(retry.getDelay()));
        if (retry.getDelay().compareTo(retry.getMaxDelay()) > 0) {
            boolean both = client.isSet("retry.delay") && client.isSet("retry.max-delay");
            client.fail(client.isSet("retry.delay") ? "retry.delay" : "retry.max-delay",
                    "retry.delay (" + delay + ") is longer than retry.max-delay ("
                            + client.text("retry.max-delay", DurationText.shown(retry.getMaxDelay())) + ").",
                    both ? "Exchange the values." : "Lower delay or raise max-delay.");
        }
        String action = "Use a duration between 0 and the delay, or \"full\" for a random wait between 0 and the "
                + "computed delay.";
        try {
            Duration jitter = jitter(retry);
            if (jitter != null && jitter.compareTo(retry.getDelay()) > 0) {
                client.fail("retry.jitter", "jitter (" + retry.getJitter() + ") is longer than delay (" + delay + ").",
                        action);
            }
        }
        catch (InvalidValueException ex) {
            client.fail("retry.jitter", ex.reason(), action);
        }
    }

    /** Return the jitter, or {@code null} for full jitter. */
    static @Nullable Duration jitter(RetryProperties retry) throws InvalidValueException {
        return retry.getJitter().equals("full") ? null
                : DurationText.parse(retry.getJitter(), Schema.CLIENT.key("retry.delay"));
    }

    private static void checkStatuses(BoundClient client, List<String> statuses) {
        List<String> wrong = new ArrayList<>();
        for (String status : statuses) {
            try {
                statuses(status);
            }
            catch (InvalidValueException ex) {
                wrong.add(ex.reason());
            }
        }
        if (!wrong.isEmpty()) {
            client.fail("retry.statuses", String.join(" ", wrong),
                    "Use codes from 400 to 599 or the groups \"5xx\", \"gateway\" (502, 503, 504).");
        }
    }

    /** What a client has done wrong it does wrong again. */
    private static void checkUseless(BoundClient client, List<String> statuses) {
        statuses.stream()
            .filter(USELESS::contains)
            .findFirst()
            .ifPresent(
                    (status) -> client.warn("retry.statuses", "Status " + status + " rarely succeeds on a second try.",
                            "Remove it unless the server documents it."));
    }

    private static void checkMethods(BoundClient client, RetryProperties retry) {
        for (String method : retry.getMethods()) {
            Request request;
            try {
                request = Request.of(method(method), Url.parse("http://localhost"));
            }
            catch (IllegalArgumentException ex) {
                client.fail("retry.methods", ex.getMessage() + ".", "Use methods such as GET or PUT.");
                return;
            }
            if (!request.isIdempotent() && !retry.isIdempotencyKey() && !retry.isAllowNonIdempotent()) {
                client.fail("retry.methods", "Retrying " + method(method) + " may repeat its effect.",
                        "Set `retry.idempotency-key: true`, or confirm with `retry.allow-non-idempotent: true`.");
                return;
            }
        }
    }

    static List<HttpMethod> methods(RetryProperties retry) {
        return retry.getMethods().stream().map(RetryRules::method).toList();
    }

    private static HttpMethod method(String method) {
        return HttpMethod.valueOf(method.strip().toUpperCase(Locale.ROOT));
    }

    /** Return the codes that are meant. */
    static Set<Integer> statuses(List<String> statuses) throws InvalidValueException {
        Set<Integer> codes = new LinkedHashSet<>();
        for (String status : statuses) {
            codes.addAll(statuses(status));
        }
        return codes;
    }

    private static List<Integer> statuses(String status) throws InvalidValueException {
        switch (status.toLowerCase(Locale.ROOT)) {
            case "5xx":
                return IntStream.rangeClosed(500, 599).boxed().toList();
            case "gateway":
                return List.of(502, 503, 504);
            default:
                return List.of(code(status));
        }
    }

    private static int code(String status) throws InvalidValueException {
        if (!status.matches("\\d{1,4}")) {
            throw new InvalidValueException(ValueParser.quoted(status) + " is not a status.", "");
        }
        int code = Integer.parseInt(status);
        if (code >= 200 && code < 300) {
            throw new InvalidValueException(status + " is a success status and cannot be retried.", "");
        }
        if (code < 400 || code > 599) {
            throw new InvalidValueException(status + " is outside 400-599.", "");
        }
        return code;
    }

    private static void checkBudget(BoundClient client, RetryBudgetProperties budget) {
        double ratio = budget.getRatio();
        if (ratio > 1) {
            client.fail("retry.budget.ratio",
                    "budget.ratio is a fraction of calls: " + number(ratio) + " would allow " + number(ratio)
                            + " retries per call.",
                    (ratio <= 100) ? "Write " + number(ratio / 100) + " for " + number(ratio) + " %."
                            : "Write 0.1 for 10 %.");
        }
        if (ratio < 0) {
            client.fail("retry.budget.ratio", "budget.ratio cannot be negative.", "Use a number from 0 to 1.");
        }
        if (budget.getMinPerSecond() < 0) {
            client.fail("retry.budget.min-per-second", "budget.min-per-second cannot be negative.",
                    "Use 0 or a positive number.");
        }
    }

    private static String number(double number) {
        return (number == Math.rint(number)) ? String.valueOf((long) number) : String.valueOf(number);
    }

}
