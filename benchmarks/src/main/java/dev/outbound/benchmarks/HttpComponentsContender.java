package dev.outbound.benchmarks;

import java.io.IOException;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Apache HttpClient 5 alone, as it comes, but for as many connections as calls.
 */
final class HttpComponentsContender implements Contender {

    private final CloseableHttpClient client;

    private final String url;

    private HttpComponentsContender(CloseableHttpClient client, String url) {
        this.client = client;
        this.url = url;
    }

    static HttpComponentsContender open(String url) {
        return new HttpComponentsContender(client(), url + "/json");
    }

    /** A client whose pool does not limit the benchmarks. */
    static CloseableHttpClient client() {
        return HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(100)
                .setMaxConnTotal(100)
                .build())
            .build();
    }

    @Override
    public Item call() throws IOException {
        return this.client.execute(new HttpGet(this.url),
                (response) -> Json.read(EntityUtils.toByteArray(response.getEntity())));
    }

    @Override
    public void close() throws IOException {
        this.client.close();
    }

}
