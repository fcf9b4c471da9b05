package dev.outbound.client;

import org.junit.jupiter.api.Test;

class PublicApiTests {

    @Test
    void publicApiIsTheReviewedOne() {
        PublicApi.ofModuleOf(getClass()).assertReviewed();
    }

}
