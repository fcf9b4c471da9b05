package dev.outbound.client.soak;

import dev.outbound.client.http.Response;
import dev.outbound.client.lab.BackgroundCall;
import dev.outbound.client.lab.LaneClient;

/** Calls of a client of either kind that run beside the test. */
final class Calls {

    private Calls() {
    }

    static BackgroundCall<Response> get(LaneClient client, String url) {
        return (client instanceof LaneClient.Reactive reactive) ? BackgroundCall.subscribed(reactive.client().get(url))
                : BackgroundCall.onPlatformThread(() -> client.get(url));
    }

}
