package dev.outbound.mock;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is told to who writes a pattern that is none, whole. */
class MalformedPatternTests {

    private static final Map<String, Case> CASES = Map.of("brace without counterpart",
            of((router) -> router.get("/users/{id"),
                    "'/users/{id' is not a path template: a brace has no counterpart. Write /users/{id}, or use "
                            + "Lookup.equalTo for a path that contains braces"),
            "name of a variable",
            of((router) -> router.get("/{a*}"),
                    "'/{a*}' is not a path template: '{a*}' is not a variable: its name must be letters, digits, '_' "
                            + "and '-', and begin with a letter. Write /users/{id}, or use Lookup.equalTo for a path that "
                            + "contains braces"),
            "variable twice",
            of((router) -> router.get("/{a}/{a}"),
                    "'/{a}/{a}' is not a path template: a variable is named twice. Write /users/{id}, or use "
                            + "Lookup.equalTo for a path that contains braces"),
            "host without slashes",
            of((router) -> router.get("localhost:8080/a"),
                    "'localhost:8080/a' is not a pattern of URLs: it is read as a path. Write "
                            + "http://localhost:8080/a, or //localhost:8080/a for any scheme"),
            "path into JSON",
            of((router) -> router.post("/a").json("$.a[", 1),
                    "'$.a[' is not a path into JSON: it cannot be read from position 3 on. Write $.items[0].id"),
            "regular expression",
            of((router) -> Lookup.matching("(a"),
                    "'(a' is not a regular expression: Unclosed group at position 2. Quote what is meant literally, or "
                            + "use Lookup.equalTo, containing or startingWith"),
            "base URL",
            of((router) -> MockRouter.create("https://a.test/?x=1"),
                    "'https://a.test/?x=1' is not a base URL: it has a query or a fragment. Leave it out; routes and "
                            + "groups can ask for parameters"),
            "contradiction",
            of((router) -> router.get("/a").where(RequestPattern.path(Lookup.equalTo("/b"))),
                    "Route GET /a where path /b can never match: its path is to be both /a and /b. Keep one of them, "
                            + "or register two routes"),
            "contradiction of headers",
            of((router) -> router.get("/a").header("X-A", "1").header("x-a", "2"),
                    "Route GET /a where header x-a 1 and header x-a 2 can never match: its header x-a is to be both 1 "
                            + "and 2. Give all of its values at once, keep one of them, or register two routes"),
            "contradiction of JSON",
            of((router) -> router.get("/a").json("$.a", 1).json("a", 2),
                    "Route GET /a where json $.a = 1 and json a = 2 can never match: its json a is to be both 1 and 2. "
                            + "Keep one of them, or register two routes"));

    private static Case of(Consumer<MockRouter> pattern, String message) {
        return new Case(pattern, message);
    }

    @TestFactory
    Stream<DynamicTest> isToldWithTheWayOut() {
        return CASES.entrySet()
            .stream()
            .map((entry) -> DynamicTest.dynamicTest(entry.getKey(), () -> entry.getValue().test()));
    }

    private record Case(Consumer<MockRouter> pattern, String message) {

        void test() {
            MockRouter router = MockRouter.create();
            assertThatIllegalArgumentException().isThrownBy(() -> this.pattern.accept(router))
                .withMessage(this.message);
            assertThatIllegalArgumentException().isThrownBy(() -> router.post("/a").json("{a"))
                .withMessageStartingWith("'{a' is not JSON: ")
                .withMessageEndingWith(". A text is taken as JSON; to mean a JSON string, write it with its quotes");
            assertThat(router.routes().stream().map(Route::toString)).doesNotContain("GET /a where path /b");
        }

    }

}
