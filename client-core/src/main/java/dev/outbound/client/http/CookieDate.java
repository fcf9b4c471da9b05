package dev.outbound.client.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads dates of cookies, which servers write in every way there is (RFC 6265bis, section
 * 5.1.1): the first part that looks like a time is the time, and so on. The zone is taken
 * to be GMT whatever the text says.
 */
final class CookieDate {

    private static final Pattern DELIMITER = Pattern.compile("[\\x09\\x20-\\x2f\\x3b-\\x40\\x5b-\\x60\\x7b-\\x7e]+");

    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\D.*)?");

    private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:\\D.*)?");

    /** The RFC reads four digits at most; a longer year is meant to be far away. */
    private static final Pattern YEAR = Pattern.compile("(\\d{2,})(?:\\D.*)?");

    private static final int MAX_YEAR = 9999;

    private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
            "oct", "nov", "dec");

    private @Nullable Matcher time;

    private int day = -1;

    private int month;

    private int year = -1;

    private CookieDate() {
    }

    /**
     * Return the time that the text means.
     * @return the time, or {@code null} if it is none
     */
    static @Nullable Instant parse(String text) {
        CookieDate date = new CookieDate();
        for (String token : DELIMITER.split(text)) {
            date.read(token);
        }
        return date.instant();
    }

    private void read(String token) {
        Matcher time = TIME.matcher(token);
        Matcher day = DAY.matcher(token);
        Matcher year = YEAR.matcher(token);
        int month = MONTHS.indexOf(token.substring(0, Math.min(3, token.length())).toLowerCase(Locale.ROOT)) + 1;
        if (this.time == null && time.matches()) {
            this.time = time;
        }
        else if (this.day < 0 && day.matches()) {
            this.day = Integer.parseInt(day.group(1));
        }
        else if (this.month == 0 && month > 0) {
            this.month = month;
        }
        else if (this.year < 0 && year.matches()) {
            String digits = year.group(1);
            this.year = (digits.length() > 4) ? MAX_YEAR : century(Integer.parseInt(digits));
        }
    }

    private static int century(int year) {
        return (year >= 70 && year <= 99) ? year + 1900 : (year <= 69) ? year + 2000 : year;
    }

    private @Nullable Instant instant() {
        Matcher time = this.time;
        // Years before the Gregorian calendar: RFC 6265bis, section 5.1.1, step 6
        if (time == null || this.day < 1 || this.month == 0 || this.year < 1601) {
            return null;
        }
        try {
            return LocalDateTime
                .of(this.year, this.month, this.day, Integer.parseInt(time.group(1)), Integer.parseInt(time.group(2)),
                        Integer.parseInt(time.group(3)))
                .toInstant(ZoneOffset.UTC);
        }
        catch (DateTimeException ex) {
            return null;
        }
    }

}
