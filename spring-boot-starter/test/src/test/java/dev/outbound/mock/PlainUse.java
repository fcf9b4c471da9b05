package dev.outbound.mock;

import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/** What a test without Spring Boot does, run by {@link WithoutSpringBootTests}. */
public final class PlainUse implements Supplier<String> {

    @Override
    public String get() {
        MockRouter router = MockRouter.create("https://api.test");
        Route user = router.get("/users/{id}")
            .answer((request) -> Reply.ok().json("{\"id\": \"" + request.variable("id") + "\"}"));
        String blocking = router.client().get("/users/1").json().get("id").asString();
        String reactive = router.reactiveClient()
            .get("/users/2")
            .map((response) -> response.json().get("id").asString())
            .block();
        assertThat(user).isCalledTimes(2);
        assertThat(router).isVerified();
        return blocking + reactive;
    }

}
