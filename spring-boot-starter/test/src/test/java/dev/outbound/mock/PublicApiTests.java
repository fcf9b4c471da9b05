package dev.outbound.mock;

import org.junit.jupiter.api.Test;

import dev.outbound.client.PublicApi;

class PublicApiTests {

    @Test
    void publicApiIsTheReviewedOne() {
        PublicApi.ofModuleOf(getClass()).assertReviewed();
    }

}
