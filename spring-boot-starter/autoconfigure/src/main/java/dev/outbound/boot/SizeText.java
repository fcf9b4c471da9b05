package dev.outbound.boot;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * Sizes as they are written.
 */
final class SizeText {

    private static final String LIMIT_ACTION = "Write 16MB, or \"none\" for no limit.";

    private static final String ACTION = "Write a number and B, KB, MB or GB, for example 64KB.";

    private static final Pattern SIZE = Pattern.compile("([+-]?\\d+)\\s*([a-zA-Z]*)");

    private static final Map<String, DataUnit> UNITS = Map.of("B", DataUnit.BYTES, "KB", DataUnit.KILOBYTES, "MB",
            DataUnit.MEGABYTES, "GB", DataUnit.GIGABYTES, "TB", DataUnit.TERABYTES);

    private SizeText() {
    }

    static DataSize parse(String text, Key key) throws InvalidValueException {
        String action = key.nullable() ? LIMIT_ACTION : ACTION;
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new InvalidValueException(ValueParser.quoted(text) + " is not a size.", action);
        }
        if (size.group(1).startsWith("-")) {
            throw new InvalidValueException("A size cannot be negative.", action);
        }
        if (size.group(1).chars().allMatch((c) -> c == '0' || c == '+')) {
            if (!key.path().equals("limits.drain")) {
                throw new InvalidValueException("A limit of 0 would refuse every response.", action);
            }
            return DataSize.ofBytes(0);
        }
        if (size.group(2).isEmpty()) {
            throw new InvalidValueException(
                    ValueParser.quoted(text) + " has no unit. Spring would read it as " + text + " bytes.", action);
        }
        DataUnit unit = UNITS.get(size.group(2));
        if (unit == null) {
            throw new InvalidValueException(
                    ValueParser.quoted(size.group(2)) + " is not a size unit; units are case-sensitive.", action);
        }
        try {
            return DataSize.of(Long.parseLong(size.group(1)), unit);
        }
        catch (ArithmeticException | NumberFormatException ex) {
            throw new InvalidValueException(ValueParser.quoted(text) + " is too large.", action);
        }
    }

}
