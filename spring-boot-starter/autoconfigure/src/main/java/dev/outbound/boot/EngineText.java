package dev.outbound.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.transport.Engine;

/**
 * Names of engines as they are written.
 */
final class EngineText {

    /** One word for both kinds of calls. */
    static final Key ANY = new Key("engine", "engine", Engine.class, Key.Kind.SCALAR, false);

    /** What the libraries are called elsewhere. */
    private static final Map<String, Engine> OTHER_NAMES = Map.of("apache", Engine.HTTP_COMPONENTS, "httpclient",
            Engine.HTTP_COMPONENTS, "httpclient5", Engine.HTTP_COMPONENTS, "hc5", Engine.HTTP_COMPONENTS, "netty",
            Engine.REACTOR, "reactornetty", Engine.REACTOR, "java", Engine.JDK);

    private EngineText() {
    }

    static Engine parse(String text, Key key) throws InvalidValueException {
        Engine engine = Arrays.stream(Engine.values())
            .filter((candidate) -> uniform(candidate.toString()).equals(uniform(text)))
            .findFirst()
            .orElseThrow(() -> new InvalidValueException(
                    "Unknown engine " + ValueParser.quoted(text) + "." + Nearest.question(nearest(text)) + " Valid: "
                            + names(Engine::isBlocking) + " (blocking), " + names(Engine::isReactive) + " (reactive).",
                    "Correct the value."));
        if (!serves(engine, key)) {
            throw new InvalidValueException("Engine " + engine + " makes no " + key.name() + " calls.",
                    "Use " + names((other) -> serves(other, key)).replace(" and ", " or ") + ", or write `engine: "
                            + engine + "`, which sets it for the calls that it makes.");
        }
        return engine;
    }

    /** Whether an engine makes the calls that a key is for. */
    static boolean serves(Engine engine, Key key) {
        return switch (key.name()) {
            case "blocking" -> engine.isBlocking();
            case "reactive" -> engine.isReactive();
            default -> true;
        };
    }

    private static @Nullable String nearest(String text) {
        Engine other = OTHER_NAMES.get(uniform(text));
        List<String> ids = Arrays.stream(Engine.values()).map(Engine::toString).toList();
        return (other != null) ? other.toString() : Nearest.to(text.toLowerCase(Locale.ROOT), ids);
    }

    private static String names(Predicate<Engine> condition) {
        return Arrays.stream(Engine.values())
            .filter(condition)
            .map(Engine::toString)
            .collect(Collectors.joining(" and "));
    }

    private static String uniform(String text) {
        return PropertyPath.uniform(text);
    }

}
