package dev.outbound.client.http;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonConversionTests {

    private final JsonConversion json = JsonConversion.defaults();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String write(Object value) throws IOException {
        return new String(BodyBytes.blocking(this.json.write(value)), StandardCharsets.UTF_8);
    }

    @Nested
    class Write {

        @Test
        void compactAndUnescaped() throws IOException {
            assertThat(write(new Repo("é☃😀", new Owner(1)))).isEqualTo("{\"name\":\"é☃😀\",\"owner\":{\"id\":1}}");
            assertThat(json.write(List.of()).contentType()).isEqualTo(MediaType.APPLICATION_JSON);
            assertThat(write(Map.of("a", new int[] { 1, 2 }))).isEqualTo("{\"a\":[1,2]}");
        }

        @Test
        void numberThatJsonHasNotIsRefused() {
            for (Object value : new Object[] { Double.NaN, Float.POSITIVE_INFINITY, new double[] { 1, Double.NaN },
                    new float[] { Float.NaN }, List.of(Double.NEGATIVE_INFINITY), Map.of("a", Double.NaN),
                    new Measure(Double.NaN), JsonMapper.shared().createObjectNode().put("a", Double.NaN) }) {
                assertThatExceptionOfType(ConversionException.class).as("%s", value)
                    .isThrownBy(() -> json.write(value))
                    .withMessageContaining("cannot be written as JSON");
            }
        }

        @Test
        void refusalNamesThePlace() {
            assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> json.write(Map.of("list", List.of(new Measure(Double.NaN)))))
                .withMessageContaining("$.list[0].value");
        }

        @Test
        void objectThatFailsIsRefused() {
            assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> json.write(new Failing()))
                .withMessageContaining(Failing.class.getName());
            assertThatIllegalArgumentException().isThrownBy(() -> json.write(Nulls.of(Object.class)));
        }

    }

    @Nested
    class Read {

        @ParameterizedTest
        @ValueSource(strings = { "UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE" })
        void anyUnicodeForm(String charset) {
            Repo repo = json.read(Repo.class,
                    "{\"name\":\"é\",\"owner\":{\"id\":1}}".getBytes(Charset.forName(charset)));
            assertThat(repo).isEqualTo(new Repo("é", new Owner(1)));
        }

        @Test
        void byteOrderMarkIsSkipped() {
            JsonNode node = json.read(JsonNode.class, utf8("\ufeff[1]"));
            assertThat(node.get(0).asInt()).isEqualTo(1);
        }

        @Test
        void lastOfEqualNamesCounts() {
            JsonNode node = json.read(JsonNode.class, utf8("{\"a\":1,\"a\":2}"));
            assertThat(node.get("a").asInt()).isEqualTo(2);
        }

        @Test
        void genericTypeTwice() {
            for (int i = 0; i < 2; i++) {
                List<Repo> repos = json.read(new ParameterizedTypeReference<List<Repo>>() {
                }.getType(), utf8("[{\"name\":\"a\"}]"));
                assertThat(repos).containsExactly(new Repo("a", null));
            }
        }

        @ParameterizedTest
        @ValueSource(strings = { "s3cret", "{\"name\":s3cret}", "{\"name\":{\"x\":\"s3cret\"}}", "[\"s3cret\"]",
                "\"s3cret\"", "{\"name\":\"s3cret", "{\"owner\":{\"id\":\"s3cret\"}}", "{\"name\":\"x\"} s3cret" })
        void messageShowsNoContent(String text) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> json.read(Repo.class, utf8(text)))
                    .withMessageContaining(Repo.class.getName())
                    .withMessageNotContaining("s3cret");
            }
        }

        @Test
        void messageNamesThePlace() {
            assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> json.read(Repo.class, utf8("{\n\"owner\":{\"id\":\"x\"}}")))
                .withMessageContaining("$.owner.id")
                .withMessageContaining("line 2");
        }

        @Test
        void nothingAndNullAreErrors() {
            assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> json.read(Repo.class, new byte[0]))
                .withMessageContaining("empty");
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> json.read(Repo.class, utf8(" null ")))
                    .withMessageContaining("JSON null");
            }
            JsonNode node = json.read(JsonNode.class, utf8("null"));
            assertThat(node.isNull()).isTrue();
        }

        @Test
        void deepNestingIsRefused() {
            assertThatExceptionOfType(ConversionException.class).as("S89")
                .isThrownBy(() -> json.read(JsonNode.class, utf8("[".repeat(100_000))));
        }

    }

    @Nested
    class Converters {

        @Test
        void mapperOfTheApplicationIsUsed() throws IOException {
            JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
            JsonConversion own = JsonConversion
                .of(List.of(new StringHttpMessageConverter(), new JacksonJsonHttpMessageConverter(mapper)));
            assertThat(new String(BodyBytes.blocking(own.write(new Camel(1))), StandardCharsets.UTF_8))
                .isEqualTo("{\"camel_case\":1}");
            for (int i = 0; i < 2; i++) {
                Camel camel = own.read(Camel.class, utf8("{\"camel_case\":2}"));
                assertThat(camel.camelCase()).isEqualTo(2);
            }
        }

        @Test
        void mapperOfATypeIsUsed() throws IOException {
            JacksonJsonHttpMessageConverter converter = new JacksonJsonHttpMessageConverter();
            converter.registerMappersForType(Camel.class, (mappers) -> mappers.put(MediaType.APPLICATION_JSON,
                    JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE).build()));
            JsonConversion own = JsonConversion.of(List.of(converter));
            assertThat(new String(BodyBytes.blocking(own.write(new Camel(1))), StandardCharsets.UTF_8))
                .isEqualTo("{\"camel-case\":1}");
            Camel camel = own.read(Camel.class, utf8("{\"camel-case\":2}"));
            assertThat(camel.camelCase()).isEqualTo(2);
        }

        @Test
        void converterOfAnotherLibraryIsUsed() throws IOException {
            JsonConversion own = JsonConversion.of(List.of(new UpperCase()));
            assertThat(new String(BodyBytes.blocking(own.write("abc")), StandardCharsets.UTF_8)).isEqualTo("ABC");
            String read = own.read(String.class, utf8("xyz"));
            assertThat(read).isEqualTo("XYZ");
        }

        @Test
        void withoutAConverterTheTypeIsNamed() {
            JsonConversion none = JsonConversion.of(List.of());
            assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> none.write(new Owner(1)))
                .withMessageContaining("No message converter writes " + Owner.class.getName());
            assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> none.read(Owner.class, utf8("{}")))
                .withMessageContaining("No message converter reads " + Owner.class.getName());
        }

    }

    record Repo(String name, @Nullable Owner owner) {
    }

    record Owner(int id) {
    }

    record Measure(double value) {
    }

    record Camel(int camelCase) {
    }

    static final class Failing {

        public String getName() {
            throw new IllegalStateException("no name");
        }

    }

    private static final class UpperCase extends AbstractHttpMessageConverter<String> {

        UpperCase() {
            super(MediaType.APPLICATION_JSON);
        }

        @Override
        protected boolean supports(Class<?> type) {
            return type == String.class;
        }

        @Override
        protected String readInternal(Class<? extends String> type, HttpInputMessage in) throws IOException {
            return new String(in.getBody().readAllBytes(), StandardCharsets.UTF_8).toUpperCase(java.util.Locale.ROOT);
        }

        @Override
        protected void writeInternal(String value, HttpOutputMessage out) throws IOException {
            out.getBody().write(utf8(value.toUpperCase(java.util.Locale.ROOT)));
        }

    }

}
