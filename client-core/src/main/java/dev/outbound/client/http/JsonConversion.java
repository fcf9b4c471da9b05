package dev.outbound.client.http;

import java.lang.reflect.Type;

import org.springframework.http.converter.HttpMessageConverter;

/**
 * Converts objects to JSON and back.
 *
 * @since 0.1
 */
public interface JsonConversion {

    /**
     * Return a conversion through Spring's message converters, so that an application's
     * mapper, or another library than Jackson, is used here as everywhere.
     * @param converters are asked in order; those that know no JSON are left out
     * @return the conversion
     */
    static JsonConversion of(Iterable<? extends HttpMessageConverter<?>> converters) {
        return new ConverterJson(converters);
    }

    /**
     * Return a conversion by Jackson with its default mapper.
     * @return the shared instance
     */
    static JsonConversion defaults() {
        return ConverterJson.Default.INSTANCE;
    }

    /**
     * Write an object as JSON, in UTF-8 and, unless the mapper is set to something else,
     * without white space.
     * @param value the object
     * @return a repeatable body
     * @throws ConversionException if the object cannot be written, or has a number that
     * JSON has not (NaN and the infinities)
     */
    RequestBody write(Object value);

    /**
     * Read an object from JSON.
     * @param type what to read
     * @param json the text, in UTF-8, UTF-16 or UTF-32
     * @return the object
     * @throws ConversionException if there is no content, it is not JSON, or does not fit
     * the type; the message shows none of the content
     */
    <T> T read(Type type, byte[] json);

}
