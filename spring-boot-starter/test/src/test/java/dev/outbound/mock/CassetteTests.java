package dev.outbound.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.lab.RawServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SuppressWarnings("try")
class CassetteTests {

    @TempDir
    private Path folder;

    private static void call(Lane lane, MockRouter router, String url, int amount) {
        try (LaneClient client = lane
            .client((builder) -> router.bind(builder.baseUrl(url).header("Authorization", "Bearer s3cret")))) {
            assertThat(client.get("/users/1?api_key=s3cret").json().get("name").asString()).isEqualTo("Ada");
            assertThat(client.post("/users", (spec) -> spec.json(Map.of("amount", amount, "password", "s3cret")))
                .statusCode()).isEqualTo(201);
        }
    }

    private String record(Lane lane, Path file) {
        try (RawServer server = RawServer.start((connection) -> connection.forEachRequest((request) -> {
            if (request.startsWith("GET")) {
                connection.respond(200, "{\"name\": \"Ada\", \"session_token\": \"s3cret\"}",
                        "Content-Type: application/json", "Set-Cookie: sid=s3cret", "Date: today");
            }
            else {
                connection.respond(201, "made");
            }
        })); MockRouter router = MockRouter.create(); Cassette cassette = Cassette.record(file, router)) {
            call(lane, router, server.url(), 42);
            return server.url();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasRecordedIsReplayedWithoutTheServer(Lane lane) throws IOException {
        Path file = this.folder.resolve("users.json");
        String url = record(lane, file);
        assertThat(Files.readString(file)).doesNotContain("s3cret").isEqualTo("""
                [ {
                  "request" : {
                    "method" : "GET",
                    "url" : "%1$s/users/1",
                    "params" : [ [ "api_key", "******" ] ]
                  },
                  "response" : {
                    "status" : 200,
                    "headers" : [ [ "Content-Type", "application/json" ], [ "Set-Cookie", "******" ] ],
                    "json" : {
                      "name" : "Ada",
                      "session_token" : "******"
                    }
                  }
                }, {
                  "request" : {
                    "method" : "POST",
                    "url" : "%1$s/users",
                    "json" : {
                      "amount" : 42,
                      "password" : "******"
                    }
                  },
                  "response" : {
                    "status" : 201,
                    "headers" : [ ],
                    "text" : "made"
                  }
                } ]
                """.formatted(url));
        for (Lane other : Lane.values()) {
            MockRouter router = MockRouter.create();
            try (Cassette cassette = Cassette.insert(file, router)) {
                call(other, router, url, 42);
            }
            assertThat(router).attempts(2).isVerified();
        }
    }

    @Test
    void staleCassetteSaysWhatChanged() {
        Path file = this.folder.resolve("users.json");
        String url = record(Lane.BLOCKING, file);
        MockRouter router = MockRouter.create();
        try (Cassette cassette = Cassette.insert(file, router)) {
            assertThatExceptionOfType(UnmatchedRequestError.class)
                .isThrownBy(() -> call(Lane.BLOCKING, router, url, 41))
                .withMessageContaining("'users.json #2'")
                .withMessageContaining("x json $.amount  expected 42, but was 41")
                .withMessageContaining("record the cassette again");
        }
        assertThatExceptionOfType(AssertionError.class).isThrownBy(router::verify)
            .withMessageContaining("#2 'users.json #2'");
    }

    @Test
    void cassetteThatCannotBeReadIsNamed() throws IOException {
        Path file = Files.writeString(this.folder.resolve("broken.json"), "[ {");
        assertThatIllegalStateException().isThrownBy(() -> Cassette.insert(file, MockRouter.create()))
            .withMessageStartingWith("The cassette " + file + " is not JSON: ")
            .withMessageEndingWith(". Correct it, or record it again: run the test once with -Dcassettes.record=true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = { "{}|is not a list of exchanges",
                    "[{\"request\": {\"method\": \"GET\", \"url\": \"https://a.test/\"}, \"response\": {}}]"
                            + "|cannot be replayed: status must be 100 to 999, but is 0",
                    "[{\"request\": {\"url\": \"http://[\"}}]|cannot be replayed: " })
    void cassetteThatSaysNothingIsNamed(String content, String why) throws IOException {
        Path file = Files.writeString(this.folder.resolve("edited.json"), content);
        assertThatIllegalStateException().isThrownBy(() -> Cassette.insert(file, MockRouter.create()))
            .withMessageStartingWith("The cassette " + file + " " + why)
            .withMessageEndingWith(". Correct it, or record it again: run the test once with -Dcassettes.record=true");
    }

    @Test
    void missingCassetteSaysHowToRecordIt() {
        Path file = this.folder.resolve("none.json");
        assertThatIllegalStateException().isThrownBy(() -> Cassette.insert(file, MockRouter.create()))
            .withMessage("There is no cassette " + file + ". Record it against the real upstream: "
                    + "run the test once with -Dcassettes.record=true");
    }

}
