package dev.outbound.client.auth;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

/**
 * An authentication scheme. Thread-safe: one instance serves all calls of a client, and
 * {@linkplain #begin begins} a flow for each.
 * <p>
 * A scheme that only adds something to the request is a function:
 *
 * <pre class="code">
 * Auth signed = Auth.of((request) -&gt; request.withHeader("X-Signature", sign(request)));
 * </pre>
 *
 * One that needs the server's answer, or further requests, gives an {@link AuthFlow}.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Auth {

    /**
     * Begin the authentication of one call.
     * @param now the time of day, for what expires
     * @return a flow for this call alone; a flow without state may be shared
     */
    AuthFlow begin(Instant now);

    /**
     * Return a scheme that changes the request and accepts every answer.
     * @param scheme is given the request of each call and returns what to send
     * @return the scheme
     */
    static Auth of(UnaryOperator<Request> scheme) {
        Assert.notNull(scheme, "scheme must not be null");
        AuthFlow flow = (request) -> AuthStep.sendLast(scheme.apply(request));
        return (now) -> flow;
    }

    /**
     * Return Basic authentication (RFC 7617), sent with the first request. User name and
     * password are encoded in UTF-8.
     * @param username the user name, without a colon
     * @param password the password
     * @return the scheme
     * @throws IllegalArgumentException if one contains a control character, or the user
     * name a colon
     */
    static Auth basic(String username, String password) {
        return new BasicAuth(Challenger.ORIGIN_SERVER, username, password);
    }

    /**
     * Return Basic authentication with credentials in an encoding other than UTF-8.
     * @param username the bytes of the user name, without a colon
     * @param password the bytes of the password
     * @return the scheme
     * @throws IllegalArgumentException if one contains a control character, or the user
     * name a colon
     */
    static Auth basic(byte[] username, byte[] password) {
        return new BasicAuth(Challenger.ORIGIN_SERVER, username, password);
    }

    /**
     * Return bearer authentication (RFC 6750) with a fixed token.
     * @param token the token
     * @return the scheme
     * @throws IllegalArgumentException if the token is empty or has other characters than
     * visible ASCII; the message does not show it
     */
    static Auth bearer(String token) {
        String value = "Bearer " + Secret.word("token", token);
        return of((request) -> request.withHeader("Authorization", value));
    }

    /**
     * Return bearer authentication with a token that is asked for before each call.
     * @param token must not block: it runs on the thread of the call, for a reactive
     * client an event loop
     * @return the scheme
     */
    static Auth bearer(Supplier<String> token) {
        Assert.notNull(token, "token must not be null");
        return of((request) -> request.withHeader("Authorization", "Bearer " + Secret.word("token", token.get())));
    }

    /**
     * Return the Basic authentication that the user information of a URL stands for, as
     * in {@code https://user:password@example.com}.
     * @param url the URL
     * @return the scheme, with what was percent-encoded decoded, or {@code null} where
     * the URL names neither user nor password
     * @throws IllegalArgumentException as {@link #basic(String, String)}
     */
    static @Nullable Auth userInfo(Url url) {
        Assert.notNull(url, "url must not be null");
        return BasicAuth.ofUserInfo(Challenger.ORIGIN_SERVER, url);
    }

    /**
     * Return authentication with a key in a header, sent with each request.
     * @param headerName the name of the header, for example {@code X-Api-Key}
     * @param key the key
     * @return the scheme
     * @throws IllegalArgumentException if the name is not one of a header, or the key is
     * empty or has other characters than visible ASCII; the message does not show it
     */
    static Auth apiKey(String headerName, String key) {
        Secret.word("API key", key);
        FieldLines.check(headerName, key);
        return of((request) -> request.withHeader(headerName, key));
    }

    /**
     * Return authentication with a key in the query, sent with each request. Prefer a
     * header where there is a choice: URLs end up in the logs of servers and proxies,
     * though not in ours.
     * @param name the name of the parameter
     * @param key the key, which is encoded
     * @return the scheme
     * @throws IllegalArgumentException if one is empty or contains a control character;
     * the message does not show the key
     */
    static Auth apiKeyInQuery(String name, String key) {
        Assert.hasText(name, "name of the parameter must not be empty");
        Assert.hasText(key, "API key must not be empty");
        QueryParams parameter = QueryParams.empty().add(name, Secret.withoutControls("API key", key));
        return of((request) -> request.withUrl(parameter.appendTo(request.url())));
    }

    /**
     * Return Digest authentication (RFC 7616, RFC 2617, RFC 2069), as a server asks for
     * it. Its challenge is answered once for each call, and once more if only the nonce
     * was too old; later calls to the same origin and protection space are authenticated
     * at once. A challenge that cannot be answered, or a body that cannot be sent again,
     * leaves the refusal as the answer of the call.
     * <p>
     * The strongest of the algorithms that a server offers is used, and none that is not
     * allowed here. MD5 is broken, but allowed by default as in HTTPX, for most servers
     * know nothing else; name the others to do without.
     * <p>
     * With {@code auth-int} the whole body is read once to be hashed, and then again to
     * be sent.
     * @param username the user name
     * @param password the password
     * @param allowed the algorithms, each with and without {@code -sess}; none stands for
     * all
     * @return the scheme, which remembers the nonces of the servers it talked to
     * @throws IllegalArgumentException if user name or password contains a control
     * character
     */
    static Auth digest(String username, String password, DigestAlgorithm... allowed) {
        Set<DigestAlgorithm> algorithms = EnumSet.allOf(DigestAlgorithm.class);
        if (allowed.length > 0) {
            algorithms.retainAll(Set.of(allowed));
        }
        return new DigestAuth(Challenger.ORIGIN_SERVER, new DigestCredentials(username, password), algorithms,
                new ClientNonce());
    }

    /**
     * Return Basic authentication with the entries of a netrc file, by host. A host
     * without an entry, or without a password, is asked without credentials.
     * @param file the file; read now, and not again
     * @return the scheme
     * @throws IllegalArgumentException if the file cannot be read or understood
     */
    static Auth netrc(Path file) {
        Assert.notNull(file, "file must not be null");
        return new NetrcAuth(NetrcFile.read(file));
    }

    /**
     * Return Basic authentication with the entries of the file that the environment
     * variable {@code NETRC} names, or else of {@code .netrc} (on Windows also
     * {@code _netrc}) in the home directory, which nobody but its owner may be able to
     * read. No file is ever used without this method.
     * @return the scheme
     * @throws IllegalArgumentException if there is no such file, or it cannot be read or
     * understood
     */
    static Auth netrc() {
        return new NetrcAuth(NetrcFile.readDefault(System::getenv, Path.of(System.getProperty("user.home"))));
    }

    /**
     * Return a builder of bearer authentication with a token that must be fetched.
     * <p>
     * The first call sends the token request before its own, through the same client and
     * with the call's time limits, and without anything else of the call; calls that come
     * meanwhile wait for it. Shortly before the token expires one call fetches the next;
     * and so does a call that is refused with 401, once. After a failure calls fail for a
     * second with a {@link TokenException}, without asking again.
     * @param request makes the token request, from nothing but configuration
     * @return a new builder
     */
    static TokenAuthBuilder token(Supplier<Request> request) {
        return new TokenAuthBuilder(request);
    }

    /**
     * Return a scheme with bearer tokens that something else than this client fetches.
     * One call fetches for all, a token is renewed 30 seconds or a quarter of its time
     * before it expires, while the old one is used, and once where the server answers
     * 401.
     * @param source gives the tokens
     * @return the scheme
     */
    static Auth tokens(TokenSource source) {
        Assert.notNull(source, "source must not be null");
        return new TokenAuth(source, new TokenStore(Duration.ofSeconds(30)));
    }

    /**
     * Return bearer authentication with OAuth 2.0's client credentials grant (RFC 6749,
     * section 4.4).
     * @param tokenUrl the token endpoint, absolute
     * @param clientId the client's identifier
     * @param clientSecret its secret
     * @param scopes what to ask for; may be empty
     * @return the scheme, which fetches a token {@linkplain #token as it is needed}
     * @throws IllegalArgumentException if a text contains a control character
     * @throws dev.outbound.client.http.InvalidUrlException if the URL is not an absolute
     * one of http or https, or contains user information
     */
    static Auth clientCredentials(String tokenUrl, String clientId, String clientSecret, String... scopes) {
        return token(new ClientCredentials(tokenUrl, clientId, clientSecret, List.of(scopes))).build();
    }

}
