package dev.outbound.boot;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Clients whose settings are changed by a change of the environment go by them at once,
 * where Spring Cloud tells of it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(EnvironmentChangeEvent.class)
class EnvironmentChangeConfiguration {

    private static final Log logger = LogFactory.getLog(EnvironmentChangeConfiguration.class);

    /**
     * The keys of the event are not asked: a placeholder may stand for any of them, and
     * what a client inherits changes it, too.
     */
    @Bean
    ApplicationListener<EnvironmentChangeEvent> outboundEnvironmentChanges(Clients clients) {
        return new EnvironmentChanges(clients);
    }

    private record EnvironmentChanges(Clients clients) implements ApplicationListener<EnvironmentChangeEvent> {

        @Override
        public void onApplicationEvent(EnvironmentChangeEvent event) {
            try {
                this.clients.refresh();
            }
            catch (InvalidClientConfigurationException ex) {
                FailureAnalysis analysis = new InvalidClientConfigurationFailureAnalyzer().analyze(ex);
                logger.error(
                        "The environment has changed, and the HTTP clients keep their settings. " + ((analysis != null)
                                ? analysis.getDescription() + "\n\n" + analysis.getAction() : ex.getMessage()));
            }
            catch (IllegalStateException ex) {
                logger
                    .error("The environment has changed, and the HTTP clients keep their settings. " + ex.getMessage());
            }
            catch (RuntimeException ex) {
                // Of a customizer, for example: others wait for the event, too
                logger.error("The environment has changed, and the HTTP clients keep their settings.", ex);
            }
        }

    }

}
