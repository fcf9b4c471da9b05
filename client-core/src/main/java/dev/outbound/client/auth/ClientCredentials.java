package dev.outbound.client.auth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

/**
 * The token request of OAuth 2.0's client credentials grant (RFC 6749, section 4.4). The
 * client is authenticated with {@code client_secret_basic}.
 *
 * <pre class="code">
 * Auth auth = Auth.token(new ClientCredentials(url, id, secret, List.of("read"))).lead(Duration.ofMinutes(2)).build();
 * </pre>
 *
 * @since 0.1
 */
public final class ClientCredentials implements Supplier<Request> {

    private final Request request;

    /**
     * Create the token request.
     * @param tokenUrl the token endpoint, absolute
     * @param clientId the client's identifier
     * @param clientSecret its secret
     * @param scopes what to ask for; may be empty
     * @throws IllegalArgumentException if a text contains a control character
     * @throws InvalidUrlException if the URL is not an absolute one of http or https, or
     * contains user information
     */
    public ClientCredentials(String tokenUrl, String clientId, String clientSecret, List<String> scopes) {
        Assert.notNull(tokenUrl, "tokenUrl must not be null");
        Secret.withoutControls("clientId", clientId);
        Secret.withoutControls("clientSecret", clientSecret);
        scopes.forEach((scope) -> Secret.word("scope", scope));
        Url url = Url.parse(tokenUrl);
        if (!url.isAbsolute() || !url.scheme().matches("https?") || url.userInfo() != null) {
            throw new InvalidUrlException("The token URL '" + url.redacted()
                    + "' must be absolute, of https or http, and without user information");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        this.request = Request.of(HttpMethod.POST, url)
            .withHeader("Accept", "application/json")
            .withHeader("Authorization", "Basic " + basic(clientId, clientSecret))
            .withBody(RequestBody.form(form))
            // A second token does no harm, so what failed may be sent again.
            .withAttribute(Request.IDEMPOTENT, true);
    }

    /** Unlike RFC 7617, both are encoded as in a form first (RFC 6749, section 2.3.1). */
    private static String basic(String clientId, String clientSecret) {
        String text = URLEncoder.encode(clientId, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(clientSecret, StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Request get() {
        return this.request;
    }

    @Override
    public String toString() {
        return "client credentials at " + this.request.url().redacted();
    }

}
