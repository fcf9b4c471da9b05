package dev.outbound.boot;

import java.net.InetAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import dev.outbound.client.http.Url;
import dev.outbound.client.transport.Engine;

import static java.util.Map.entry;

/**
 * Makes values of texts. Stricter than Spring's conversion, which takes {@code 5} for
 * five milliseconds, and with a way out in each message.
 */
final class ValueParser {

    private static final String NONE = "none";

    /** Texts that name something, so that "none" is not one of them. */
    private static final Set<String> REFERENCES = Set.of("resolver", "bundle", "server-name");

    private static final Map<Class<?>, Parser> PARSERS = Map.ofEntries(
            entry(Integer.class, (text, key, owner) -> parseInteger(text)),
            entry(String.class, (text, key, owner) -> text),
            entry(boolean.class, (text, key, owner) -> parseBoolean(text)),
            entry(int.class, (text, key, owner) -> parseInteger(text)),
            entry(double.class, (text, key, owner) -> parseNumber(text)),
            entry(Duration.class, (text, key, owner) -> DurationText.parse(text, key)),
            entry(DataSize.class, (text, key, owner) -> SizeText.parse(text, key)),
            entry(Charset.class, (text, key, owner) -> parseCharset(text)),
            entry(Url.class, (text, key, owner) -> BaseUrlText.parse(text, owner)),
            entry(Engine.class, (text, key, owner) -> EngineText.parse(text, key)),
            entry(InetAddress.class, (text, key, owner) -> AddressText.parse(text)));

    private ValueParser() {
    }

    /**
     * Return the value that a text stands for.
     * @param owner the name of the block that the text is written in, for messages
     */
    static @Nullable Object parse(String text, Key key, String owner) throws InvalidValueException {
        if (takesNone(key) && text.equals(NONE)) {
            return null;
        }
        Parser parser = PARSERS.get(key.type());
        if (parser == null && key.type().isEnum()) {
            return parseEnum(text, key);
        }
        return Objects.requireNonNull(parser, () -> "No parser for " + key.type()).parse(text, key, owner);
    }

    private static boolean takesNone(Key key) {
        boolean literal = key.type() == String.class && !REFERENCES.contains(key.name());
        return key.nullable() && !literal && !key.type().isEnum();
    }

    private static boolean parseBoolean(String text) throws InvalidValueException {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(text);
        }
        throw new InvalidValueException(quoted(text) + " is not true or false.", "Write true or false.");
    }

    private static int parseInteger(String text) throws InvalidValueException {
        try {
            return Integer.parseInt(text.strip());
        }
        catch (NumberFormatException ex) {
            throw new InvalidValueException(quoted(text) + " is not a whole number.",
                    "Write a whole number, without a unit.");
        }
    }

    private static double parseNumber(String text) throws InvalidValueException {
        try {
            double number = Double.parseDouble(text.strip());
            if (Double.isFinite(number)) {
                return number;
            }
        }
        catch (NumberFormatException ex) {
            // told below
        }
        throw new InvalidValueException(quoted(text) + " is not a number.", "Write a number, for example 0.5.");
    }

    private static Charset parseCharset(String text) throws InvalidValueException {
        try {
            return Charset.forName(text.strip());
        }
        catch (IllegalArgumentException ex) {
            throw new InvalidValueException(quoted(text) + " is not a character set that this JVM knows.",
                    "Write the name of one, for example iso-8859-1.");
        }
    }

    private static Object parseEnum(String text, Key key) throws InvalidValueException {
        Object[] constants = key.type().getEnumConstants();
        for (Object constant : constants) {
            if (PropertyPath.uniform(constant.toString()).equals(PropertyPath.uniform(text))) {
                return constant;
            }
        }
        List<String> valid = Arrays.stream(constants)
            .map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
        throw new InvalidValueException(
                "Unknown " + words(key.type().getSimpleName()) + " " + quoted(text) + "."
                        + Nearest.question(Nearest.to(text, valid)) + " Valid: " + String.join(", ", valid) + ".",
                "Correct the " + key.name() + ".");
    }

    /** {@code AuthenticationType} is called an authentication type. */
    private static String words(String className) {
        return Arrays.stream(className.split("(?=[A-Z])"))
            .map(StringUtils::uncapitalize)
            .collect(Collectors.joining(" "));
    }

    static String quoted(String text) {
        return "\"" + ShownValue.escape(text) + "\"";
    }

    @FunctionalInterface
    private interface Parser {

        Object parse(String text, Key key, String owner) throws InvalidValueException;

    }

}
