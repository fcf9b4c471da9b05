package dev.outbound.boot.endpoint;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@linkplain AutoConfiguration Auto-configuration} that masks the credentials of clients
 * in the {@code env} and {@code configprops} endpoints, whatever those show.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class ClientSecretsAutoConfiguration {

    ClientSecretsAutoConfiguration() {
    }

    @Bean
    static SanitizingFunction clientSecretsSanitizingFunction() {
        return new ClientSecretsSanitizingFunction();
    }

}
