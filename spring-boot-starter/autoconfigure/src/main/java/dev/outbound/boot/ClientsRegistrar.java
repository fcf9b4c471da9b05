package dev.outbound.boot;

import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/**
 * Reads the configuration and registers the clients, after all other definitions, so that
 * those of the application are seen. Fails with everything that is wrong.
 */
final class ClientsRegistrar implements BeanDefinitionRegistryPostProcessor, EnvironmentAware {

    private static final Log logger = LogFactory.getLog(ClientsRegistrar.class);

    private @Nullable ConfigurableEnvironment environment;

    @Override
    public void setEnvironment(Environment environment) {
        Assert.isInstanceOf(ConfigurableEnvironment.class, environment);
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        Assert.state(this.environment != null, "No environment");
        Assert.isInstanceOf(DefaultListableBeanFactory.class, registry);
        DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) registry;
        Problems problems = new Problems();
        ConfiguredClients clients = ConfiguredClients.read(this.environment, problems);
        LiteralSecrets.check(this.environment, problems);
        SpringGroups.check(this.environment, clients, problems);
        new ClientBeans(beanFactory, clients).register();
        beanFactory.registerBeanDefinition("outboundConfiguredClients", infrastructure(clients));
        ClientNameCandidateResolver.install(beanFactory, clients);
        report(problems, clients);
    }

    private static RootBeanDefinition infrastructure(ConfiguredClients clients) {
        RootBeanDefinition definition = new RootBeanDefinition(ConfiguredClients.class, () -> clients);
        definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
        definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        return definition;
    }

    private static void report(Problems problems, ConfiguredClients clients) {
        if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            // The configuration that counts, with its secrets, is that of the run time
            return;
        }
        clients.setTold(problems.report(Set.of()));
        if (clients.properties().isEmpty()) {
            logger.info("no HTTP clients configured under outbound.clients");
        }
    }

}
