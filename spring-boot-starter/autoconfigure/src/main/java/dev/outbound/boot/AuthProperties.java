package dev.outbound.boot;

import java.nio.charset.Charset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.auth.DigestAlgorithm;

/**
 * Authentication of the requests to the origin of the base URL. A block of a client
 * replaces an inherited one as a whole.
 *
 * @since 0.1
 */
public class AuthProperties {

    /**
     * Scheme. "none" sends no credentials, and inherits none.
     */
    private @Nullable AuthenticationType type;

    /**
     * User name of Basic, without a colon, or Digest authentication.
     */
    private @Nullable String username;

    /**
     * Password of Basic or Digest authentication.
     */
    private @Nullable String password;

    /**
     * Token of bearer authentication.
     */
    private @Nullable String token;

    /**
     * File with the token of bearer authentication. It is read again while the
     * application runs.
     */
    private @Nullable String tokenFile;

    /**
     * Name of a bean of type Supplier that gives the token of bearer authentication for
     * each request.
     */
    private @Nullable String tokenSupplier;

    /**
     * Key that the server knows this application by.
     */
    private @Nullable String key;

    /**
     * Header that the API key is sent in. X-API-Key if there is neither header nor
     * parameter.
     */
    private @Nullable String header;

    /**
     * Query parameter that the API key is sent in.
     */
    private @Nullable String parameter;

    /**
     * File with user names and passwords by host, for type "netrc". It is read at the
     * start, and when the settings are read again. If there is none, the file that the
     * variable NETRC names, or else ".netrc" in the home directory.
     */
    private @Nullable String netrcFile;

    /**
     * Absolute URL of the token endpoint, for type "client-credentials".
     */
    private @Nullable String tokenUrl;

    /**
     * Identifier of this application at the token endpoint, for type
     * "client-credentials".
     */
    private @Nullable String clientId;

    /**
     * Secret of this application at the token endpoint, which is sent there by Basic
     * authentication, for type "client-credentials".
     */
    private @Nullable String clientSecret;

    /**
     * Scopes to ask the token endpoint for, for type "client-credentials". What the
     * server gives if there is none.
     */
    private List<String> scopes = List.of();

    /**
     * Name of the registration below "spring.security.oauth2.client.registration", with
     * the grant type client_credentials.
     */
    private @Nullable String registration;

    /**
     * Name of a bean of type Auth.
     */
    private @Nullable String bean;

    /**
     * Character set of user name and password in Basic authentication. UTF-8 if there is
     * none.
     */
    private @Nullable Charset charset;

    /**
     * Whether clients of another origin that inherit from here get these credentials, and
     * the secret headers beside them.
     */
    private boolean share;

    /**
     * Algorithms that Digest authentication may use. All that the server offers if there
     * is none; MD5 is broken.
     */
    private List<DigestAlgorithm> algorithms = List.of();

    public @Nullable AuthenticationType getType() {
        return this.type;
    }

    public void setType(@Nullable AuthenticationType type) {
        this.type = type;
    }

    public @Nullable String getUsername() {
        return this.username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return this.password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getToken() {
        return this.token;
    }

    public void setToken(@Nullable String token) {
        this.token = token;
    }

    public @Nullable Charset getCharset() {
        return this.charset;
    }

    public void setCharset(@Nullable Charset charset) {
        this.charset = charset;
    }

    public boolean isShare() {
        return this.share;
    }

    public void setShare(boolean share) {
        this.share = share;
    }

    public @Nullable String getTokenFile() {
        return this.tokenFile;
    }

    public void setTokenFile(@Nullable String tokenFile) {
        this.tokenFile = tokenFile;
    }

    public @Nullable String getTokenSupplier() {
        return this.tokenSupplier;
    }

    public void setTokenSupplier(@Nullable String tokenSupplier) {
        this.tokenSupplier = tokenSupplier;
    }

    public @Nullable String getKey() {
        return this.key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public @Nullable String getHeader() {
        return this.header;
    }

    public void setHeader(@Nullable String header) {
        this.header = header;
    }

    public @Nullable String getParameter() {
        return this.parameter;
    }

    public void setParameter(@Nullable String parameter) {
        this.parameter = parameter;
    }

    public @Nullable String getNetrcFile() {
        return this.netrcFile;
    }

    public void setNetrcFile(@Nullable String netrcFile) {
        this.netrcFile = netrcFile;
    }

    public @Nullable String getTokenUrl() {
        return this.tokenUrl;
    }

    public void setTokenUrl(@Nullable String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    public @Nullable String getClientId() {
        return this.clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable String getClientSecret() {
        return this.clientSecret;
    }

    public void setClientSecret(@Nullable String clientSecret) {
        this.clientSecret = clientSecret;
    }

    public List<String> getScopes() {
        return this.scopes;
    }

    public void setScopes(List<String> scopes) {
        this.scopes = scopes;
    }

    public @Nullable String getRegistration() {
        return this.registration;
    }

    public void setRegistration(@Nullable String registration) {
        this.registration = registration;
    }

    public @Nullable String getBean() {
        return this.bean;
    }

    public void setBean(@Nullable String bean) {
        this.bean = bean;
    }

    public List<DigestAlgorithm> getAlgorithms() {
        return this.algorithms;
    }

    public void setAlgorithms(List<DigestAlgorithm> algorithms) {
        this.algorithms = algorithms;
    }

}
