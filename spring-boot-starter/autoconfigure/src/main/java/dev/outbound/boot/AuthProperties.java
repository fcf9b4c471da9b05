package dev.outbound.boot;

import org.jspecify.annotations.Nullable;

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
     * User name of Basic authentication, without a colon.
     */
    private @Nullable String username;

    /**
     * Password of Basic authentication.
     */
    private @Nullable String password;

    /**
     * Token of bearer authentication.
     */
    private @Nullable String token;

    /**
     * Whether clients of another origin that inherit from here get these credentials, and
     * the secret headers beside them.
     */
    private boolean share;

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

    public boolean isShare() {
        return this.share;
    }

    public void setShare(boolean share) {
        this.share = share;
    }

}
