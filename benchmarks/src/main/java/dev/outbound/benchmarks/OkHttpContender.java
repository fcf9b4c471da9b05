package dev.outbound.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.core.instrument.binder.okhttp3.OkHttpObservationInterceptor;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * OkHttp, alone and with Resilience4j and Micrometer.
 */
final class OkHttpContender implements Contender {

    private final OkHttpClient client;

    private final String url;

    private final Callable<Item> call;

    private OkHttpContender(OkHttpClient client, String url) {
        this.client = client;
        this.url = url + "/json";
        this.call = this::fetch;
    }

    private OkHttpContender(OkHttpClient client, String url, Retry retry) {
        this.client = client;
        this.url = url + "/json";
        this.call = Retry.decorateCallable(retry, this::fetch);
    }

    static OkHttpContender bare(String url) {
        return new OkHttpContender(new OkHttpClient(), url);
    }

    static OkHttpContender complete(String url) {
        String credentials = Credentials.basic("user", "password");
        OkHttpClient client = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(30))
            .addInterceptor((chain) -> chain.proceed(chain.request()
                .newBuilder()
                .header("Accept", "application/json")
                .header("Authorization", credentials)
                .build()))
            .addInterceptor(
                    OkHttpObservationInterceptor.builder(Observations.asInBoot(), "http.client.requests").build())
            .build();
        Retry retry = Retry.of("shop",
                RetryConfig.custom()
                    .maxAttempts(3)
                    .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 2))
                    .retryExceptions(IOException.class)
                    .build());
        return new OkHttpContender(client, url, retry);
    }

    @Override
    public Item call() throws Exception {
        return this.call.call();
    }

    private Item fetch() throws IOException {
        try (Response response = this.client.newCall(new Request.Builder().url(this.url).build()).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("The server answered " + response.code());
            }
            return Json.read(response.body().bytes());
        }
    }

    @Override
    public void close() {
        this.client.dispatcher().executorService().shutdown();
        this.client.connectionPool().evictAll();
    }

}
