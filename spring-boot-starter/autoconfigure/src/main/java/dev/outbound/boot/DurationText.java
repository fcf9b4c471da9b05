package dev.outbound.boot;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbound.client.http.Timeouts;

import static java.util.Map.entry;

/**
 * Durations as they are written. A key that may be "none" is a limit, so that it must be
 * positive; any other is a wait, which may be zero.
 */
final class DurationText {

    private static final Pattern SIMPLE = Pattern.compile("([+-]?\\d+)([a-zA-Z]{0,2})");

    private static final Map<String, Duration> UNITS = Map.ofEntries(entry("ns", Duration.ofNanos(1)),
            entry("us", Duration.ofNanos(1000)), entry("ms", Duration.ofMillis(1)), entry("s", Duration.ofSeconds(1)),
            entry("m", Duration.ofMinutes(1)), entry("h", Duration.ofHours(1)), entry("d", Duration.ofDays(1)));

    private DurationText() {
    }

    static Duration parse(String text, Key key) throws InvalidValueException {
        boolean limit = key.nullable();
        Matcher simple = SIMPLE.matcher(text);
        String number = simple.matches() ? simple.group(1) : "";
        if (isZero(number) && limit) {
            throw zero();
        }
        if (simple.matches() && simple.group(2).isEmpty() && !number.startsWith("-") && !isZero(number)) {
            throw new InvalidValueException(
                    ValueParser.quoted(text) + " has no unit. Spring would read it as " + text + " milliseconds.",
                    "Write the unit: " + text + "s, 500ms or 2m.");
        }
        if (number.startsWith("-")) {
            throw negative(limit);
        }
        return checked(duration(text, simple, limit), text, limit);
    }

    private static Duration duration(String text, Matcher simple, boolean limit) throws InvalidValueException {
        try {
            if (!simple.matches()) {
                return Duration.parse(text);
            }
            Duration unit = UNITS.get(simple.group(2).toLowerCase(Locale.ROOT));
            if (isZero(simple.group(1))) {
                return Duration.ZERO;
            }
            if (unit != null) {
                return unit.multipliedBy(Long.parseLong(simple.group(1)));
            }
        }
        catch (DateTimeParseException ex) {
            // told below
        }
        catch (ArithmeticException | NumberFormatException ex) {
            throw tooLong(ValueParser.quoted(text), limit);
        }
        if (text.equals("none")) {
            throw new InvalidValueException("A wait cannot be \"none\".", "Write a duration, 0s for no wait.");
        }
        throw new InvalidValueException(ValueParser.quoted(text) + " is not a duration.",
                "Use a number and one of ns, us, ms, s, m, h, d - or ISO-8601 such as PT5S.");
    }

    private static Duration checked(Duration value, String text, boolean limit) throws InvalidValueException {
        if (value.isNegative()) {
            throw negative(limit);
        }
        if (value.isZero() && limit) {
            throw zero();
        }
        if (value.compareTo(Timeouts.MAX) > 0) {
            throw tooLong(shown(value), limit);
        }
        return value;
    }

    private static boolean isZero(String number) {
        return !number.isEmpty() && number.chars().allMatch((c) -> c == '0' || c == '+' || c == '-');
    }

    private static InvalidValueException zero() {
        return new InvalidValueException(
                "0 has a different meaning in every HTTP engine (no limit or immediate failure).",
                "Write \"none\" for no limit, or a positive value.");
    }

    private static InvalidValueException negative(boolean limit) {
        return limit
                ? new InvalidValueException("A timeout cannot be negative.",
                        "Use a positive value, or \"none\" for no limit.")
                : new InvalidValueException("A wait cannot be negative.", "Use a positive value, or 0s for no wait.");
    }

    private static InvalidValueException tooLong(String shown, boolean limit) {
        return new InvalidValueException(
                shown + " is longer than the largest supported timeout (" + shown(Timeouts.MAX) + ").",
                limit ? "Use a smaller value or \"none\"." : "Use a smaller value.");
    }

    /** The duration in its two largest units, or as short as it is usually written. */
    static String shown(Duration value) {
        if (value.toDays() > 0) {
            long hours = value.toHoursPart();
            return count(value.toDays(), "day") + ((hours > 0) ? ", " + count(hours, "hour") : "");
        }
        if (value.toMillis() % 1000 != 0 || value.isZero()) {
            return value.toMillis() + "ms";
        }
        return (value.getSeconds() % 60 != 0 || value.getSeconds() < 120) ? value.getSeconds() + "s"
                : value.toMinutes() + "m";
    }

    private static String count(long number, String unit) {
        return number + " " + unit + ((number != 1) ? "s" : "");
    }

}
