package dev.outbound.client.retry;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code HTTP-date} in its three forms (RFC 9110, section 5.6.7).
 * <p>
 * By hand, for {@code DateTimeFormatter} knows one of them, and takes other time zones.
 * The name of the day is not compared with the date: nothing depends on it.
 */
final class HttpDate {

    private static final List<String> MONTHS = List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
            "Oct", "Nov", "Dec");

    private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";

    private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";

    private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

    private static final Pattern FIXED = Pattern
        .compile(DAY + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " GMT");

    private static final Pattern RFC_850 = Pattern
        .compile("(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), (?<day>\\d\\d)-" + MONTH
                + "-(?<year>\\d\\d) " + TIME + " GMT");

    private static final Pattern ASCTIME = Pattern
        .compile(DAY + " " + MONTH + " (?<day>\\d\\d| \\d) " + TIME + " (?<year>\\d{4})");

    private HttpDate() {
    }

    /**
     * Read a date.
     * @param now tells the century of a year with two digits
     * @return the date, or {@code null} if it is in none of the forms
     */
    static @Nullable Instant parse(String text, Instant now) {
        for (Pattern form : List.of(FIXED, RFC_850, ASCTIME)) {
            Matcher date = form.matcher(text);
            if (date.matches()) {
                return (form == RFC_850) ? inCentury(date, now) : at(date, number(date, "year"));
            }
        }
        return null;
    }

    /** What looks more than 50 years ahead is the most recent year with these digits. */
    private static @Nullable Instant inCentury(Matcher date, Instant now) {
        LocalDateTime limit = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(50);
        int year = limit.getYear() - Math.floorMod(limit.getYear() - number(date, "year"), 100);
        Instant latest = at(date, year);
        return (latest == null || latest.isAfter(limit.toInstant(ZoneOffset.UTC))) ? at(date, year - 100) : latest;
    }

    private static @Nullable Instant at(Matcher date, int year) {
        try {
            int second = number(date, "second");
            // The grammar has room for a leap second, which java.time has not.
            int leap = (second == 60) ? 1 : 0;
            return LocalDateTime
                .of(year, MONTHS.indexOf(date.group("month")) + 1, number(date, "day"), number(date, "hour"),
                        number(date, "minute"), second - leap)
                .plusSeconds(leap)
                .toInstant(ZoneOffset.UTC);
        }
        catch (DateTimeException ex) {
            return null;
        }
    }

    private static int number(Matcher date, String group) {
        return Integer.parseInt(date.group(group).strip());
    }

}
