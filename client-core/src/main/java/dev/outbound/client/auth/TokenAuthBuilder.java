package dev.outbound.client.auth;

import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.springframework.util.Assert;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Response;

/**
 * Builds authentication with a token that must be fetched. Not thread-safe.
 *
 * <pre class="code">
 * Auth auth = Auth.token(() -&gt; Request.of(HttpMethod.POST, Url.parse("https://id.example.com/session")))
 *     .reader((response) -&gt; new Token(response.text(), Duration.ofMinutes(10)))
 *     .attach((request, token) -&gt; request.withHeader("X-Session", token))
 *     .build();
 * </pre>
 *
 * @since 0.1
 */
public final class TokenAuthBuilder {

    static final BiFunction<Request, String, Request> BEARER = (request, token) -> request.withHeader("Authorization",
            "Bearer " + token);

    private final Supplier<Request> request;

    private Function<Response, Token> reader = TokenResponse::read;

    private BiFunction<Request, String, Request> attach = BEARER;

    private Duration lead = Duration.ofSeconds(30);

    TokenAuthBuilder(Supplier<Request> request) {
        Assert.notNull(request, "request must not be null");
        this.request = request;
    }

    /**
     * Set how a token is read from the response to the token request.
     * @param reader is given responses of success only; by default it reads the JSON of
     * RFC 6749, section 5.1
     * @return this builder
     */
    public TokenAuthBuilder reader(Function<Response, Token> reader) {
        Assert.notNull(reader, "reader must not be null");
        this.reader = reader;
        return this;
    }

    /**
     * Set how a token is put on a request.
     * @param attach is given a request and the token, and returns what to send; by
     * default with {@code Authorization: Bearer}
     * @return this builder
     */
    public TokenAuthBuilder attach(BiFunction<Request, String, Request> attach) {
        Assert.notNull(attach, "attach must not be null");
        this.attach = attach;
        return this;
    }

    /**
     * Set how long before its expiry a token is fetched anew. One call does; the others
     * use the old token meanwhile.
     * @param lead zero or more, 30 seconds by default; at most a quarter of a token's
     * time is used
     * @return this builder
     */
    public TokenAuthBuilder lead(Duration lead) {
        Assert.notNull(lead, "lead must not be null");
        Assert.isTrue(!lead.isNegative(), () -> "lead must not be negative, but is " + lead);
        this.lead = lead;
        return this;
    }

    /**
     * Return the scheme.
     * @return a scheme with a token of its own; clients that are given the same scheme
     * share the token
     */
    public Auth build() {
        return new TokenAuth(this.request, this.reader, this.attach, new TokenStore(this.lead));
    }

}
