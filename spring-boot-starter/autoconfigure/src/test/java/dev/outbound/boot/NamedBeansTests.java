package dev.outbound.boot;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

import dev.outbound.client.Answer;
import dev.outbound.client.Client;
import dev.outbound.client.Hook;
import dev.outbound.client.Interceptor;
import dev.outbound.client.ReactiveClient;
import dev.outbound.client.http.JsonConversion;
import dev.outbound.client.http.Request;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.transport.NameResolver;
import dev.outbound.client.transport.TransportSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans of the application that a client goes by: named in its settings, or instead of
 * ours.
 */
class NamedBeansTests {

    private final FakeEngines engines = FakeEngines.answering(FakeUpstream.status(200));

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
        .withBean(FakeEngines.class, () -> this.engines)
        .withBean("first", Interceptor.class, () -> interceptor("first"))
        .withBean("second", Interceptor.class, () -> interceptor("second"))
        .withBean("ordered", OrderedInterceptor.class, () -> new OrderedInterceptor(this.seen))
        .withBean("audit", Hook.class, () -> hook("audit"))
        .withBean("trace", Hook.class, () -> hook("trace"))
        .withPropertyValues("outbound.clients.billing.base-url=https://api.example.com",
                "outbound.clients.crm.base-url=https://crm.example.com");

    private Interceptor interceptor(String name) {
        return (request, next) -> {
            this.seen.add(name);
            return next.send(request);
        };
    }

    private Hook hook(String name) {
        return Hook.onRequest((request) -> {
            this.seen.add(name);
            return request;
        });
    }

    @Test
    void interceptorsAndHooksAreThoseThatTheClientNamesInTheirOrder() {
        this.runner
            .withPropertyValues("outbound.clients.billing.interceptors=second,first,ordered",
                    "outbound.clients.billing.hooks=trace,audit")
            .run((context) -> {
                context.getBean("billingClient", Client.class).get("/");
                assertThat(this.seen).containsExactly("ordered", "second", "first", "trace", "audit");
                this.seen.clear();
                context.getBean("billingReactiveClient", ReactiveClient.class).get("/").block(Duration.ofSeconds(5));
                assertThat(this.seen).containsExactly("ordered", "second", "first", "trace", "audit");
                this.seen.clear();
                context.getBean("crmClient", Client.class).get("/");
                assertThat(this.seen).isEmpty();
            });
    }

    @Test
    void theListOfAClientTakesThePlaceOfAnInheritedOne() {
        this.runner
            .withPropertyValues("outbound.defaults.interceptors=first,second",
                    "outbound.clients.crm.interceptors=second", "outbound.clients.billing.hooks[0]=audit")
            .run((context) -> {
                context.getBean("crmClient", Client.class).get("/");
                assertThat(this.seen).containsExactly("second");
                this.seen.clear();
                context.getBean("billingClient", Client.class).get("/");
                assertThat(this.seen).containsExactly("first", "second", "audit");
            });
    }

    @Test
    void whatIsNotNamedIsNotUsed() {
        this.runner.run((context) -> {
            context.getBean("billingClient", Client.class).get("/");
            assertThat(this.seen).isEmpty();
        });
    }

    @Test
    void theWayToTheServerIsGivenToTheEngine() {
        NameResolver resolver = (host) -> List.of(InetAddress.getLoopbackAddress());
        this.runner.withBean("consul", NameResolver.class, () -> resolver)
            .withPropertyValues("outbound.defaults.resolver=consul", "outbound.clients.crm.resolver=none",
                    "outbound.clients.billing.addresses.API.example.com[0]=192.0.2.1",
                    "outbound.clients.billing.addresses.API.example.com[1]=2001:db8::1",
                    "outbound.clients.billing.local-address=127.0.0.1")
            .run((context) -> {
                context.getBean("billingClient", Client.class).get("/");
                context.getBean("crmClient", Client.class).get("/");
                TransportSettings billing = this.engines.opened().get("billing");
                assertThat(billing.resolver()).isSameAs(resolver);
                assertThat(billing.addresses()).containsOnlyKeys("api.example.com");
                assertThat(billing.addresses().get("api.example.com")).extracting(InetAddress::getHostAddress)
                    .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
                assertThat(billing.localAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
                assertThat(this.engines.opened().get("crm").resolver()).isNull();
            });
    }

    @Test
    void aCustomizerOfTheNameOfAClientIsForThisClientOnly() {
        this.runner.withBean("all", ClientCustomizer.class, () -> (name, builder) -> builder.header("X-All", name))
            .withBean("billing", ClientCustomizer.class, () -> (name, builder) -> builder.header("X-One", name))
            .run((context) -> {
                context.getBean("billingClient", Client.class).get("/");
                context.getBean("crmClient", Client.class).get("/");
                Request billing = this.engines.upstream().request(0);
                assertThat(billing.fields().first("X-All")).isEqualTo("billing");
                assertThat(billing.fields().first("X-One")).isEqualTo("billing");
                Request crm = this.engines.upstream().request(1);
                assertThat(crm.fields().first("X-All")).isEqualTo("crm");
                assertThat(crm.fields().first("X-One")).isNull();
            });
    }

    static Stream<ClientBeanType<?>> types() {
        return ClientBeanType.all(NamedBeansTests.class.getClassLoader()).stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyBeanOfAClientIsReplacedByOneOfItsName(ClientBeanType<?> type) {
        Object own = fake(type.type());
        String name = "billing" + type.suffix();
        this.runner.withInitializer((context) -> register(context, name, type.type(), own, false)).run((context) -> {
            assertThat(context.getBean(name)).isSameAs(own);
            assertThat(qualified(context.getSourceApplicationContext(), type.type())).isSameAs(own);
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyBeanOfAClientIsReplacedByOneWithItsQualifier(ClientBeanType<?> type) {
        Object own = fake(type.type());
        this.runner.withInitializer((context) -> register(context, "mine", type.type(), own, true)).run((context) -> {
            assertThat(context).doesNotHaveBean("billing" + type.suffix());
            assertThat(qualified(context.getSourceApplicationContext(), type.type())).isSameAs(own);
        });
    }

    private static Object qualified(ConfigurableApplicationContext context, Class<?> type) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, "billing");
    }

    private static Object fake(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> null;
                });
    }

    private static void register(ConfigurableApplicationContext context, String name, Class<?> type, Object own,
            boolean qualified) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(type);
        definition.setBeanClass(type);
        definition.setInstanceSupplier(() -> own);
        if (qualified) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "billing"));
        }
        ((DefaultListableBeanFactory) context.getBeanFactory()).registerBeanDefinition(name, definition);
    }

    @Test
    void theJsonConversionIsReplaced() {
        JsonConversion own = JsonConversion.defaults();
        this.runner.withBean(JsonConversion.class, () -> own)
            .run((context) -> assertThat(context.getBean(JsonConversion.class)).isSameAs(own));
    }

    private record OrderedInterceptor(List<String> seen) implements Interceptor, Ordered {

        @Override
        public Answer intercept(Request request, Next next) {
            this.seen.add("ordered");
            return next.send(request);
        }

        @Override
        public int getOrder() {
            return 1;
        }

    }

}
