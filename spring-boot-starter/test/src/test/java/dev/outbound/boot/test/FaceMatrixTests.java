package dev.outbound.boot.test;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Each face of a client by each feature of its mock: every cell is a test. */
@ClientTest(components = { Shop.Faces.class, Shop.Services.class })
class FaceMatrixTests {

    static Stream<Arguments> cells() {
        return Stream.of(Face.values())
            .flatMap((face) -> Stream.of(MockFeature.values()).map((feature) -> Arguments.of(face, feature)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cells")
    void faceHasTheFeature(Face face, MockFeature feature, @MockUpstream("pay-ments") MockRouter router,
            @Autowired Shop.Faces faces) throws Exception {
        feature.test(new Cell(face, faces, router));
    }

    /**
     * One face of the client, and its mock.
     *
     * @param face the face
     * @param faces the client in all of its faces
     * @param router the mock
     */
    record Cell(Face face, Shop.Faces faces, MockRouter router) {

        String get() {
            return this.face.get(this.faces);
        }

        String post(Map<String, Object> body) {
            return this.face.post(this.faces, body);
        }

        Throwable failure() {
            Throwable failure = catchThrowable(this::get);
            assertThat(failure).as("failure of " + this.face).isNotNull();
            return failure;
        }

    }

    @Nested
    @ClientTest(components = { Shop.Faces.class, Shop.Services.class }, clients = "stock", strict = false)
    class Guarded {

        @ParameterizedTest
        @EnumSource
        void clientThatIsNotMockedCannotLeaveTheMachine(Face face, @Autowired Shop.Faces faces) {
            assertThat(catchThrowable(() -> face.get(faces)))
                .hasStackTraceContaining("Client 'pay-ments' would have left the machine: GET https://pay.test/v1/a. "
                        + "Add \"pay-ments\" to `clients` of the test's annotation to mock it.");
        }

    }

}
