package dev.outbound.client.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.GenericHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.SmartHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.util.Assert;

/**
 * JSON through Spring's message converters, so that an application's mapper, or another
 * library than Jackson, is used here as everywhere.
 */
final class ConverterJson implements JsonConversion {

    private static final MediaType JSON = MediaType.APPLICATION_JSON;

    private final List<HttpMessageConverter<?>> converters;

    /**
     * Readers of Jackson for types seen: asking the converter costs several times more.
     */
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    ConverterJson(Iterable<? extends HttpMessageConverter<?>> converters) {
        List<HttpMessageConverter<?>> json = new ArrayList<>();
        for (HttpMessageConverter<?> converter : converters) {
            if (converter.getSupportedMediaTypes()
                .stream()
                .anyMatch((type) -> type.isConcrete() && type.includes(JSON))) {
                json.add(converter);
            }
        }
        this.converters = List.copyOf(json);
    }

    @Override
    public RequestBody write(Object value) {
        Assert.notNull(value, "value must not be null");
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try {
            write(value, out);
        }
        catch (HttpMessageConversionException | JacksonException | IOException ex) {
            throw new ConversionException(value.getClass().getName() + " cannot be written as JSON" + describe(ex), ex);
        }
        return RequestBody.bytes(out.toByteArray(), JSON);
    }

    @SuppressWarnings("unchecked")
    private void write(Object value, OutputStream out) throws IOException {
        ResolvableType type = ResolvableType.forInstance(value);
        for (HttpMessageConverter<?> converter : this.converters) {
            if (converter instanceof SmartHttpMessageConverter<?> smart) {
                if (smart.canWrite(type, value.getClass(), JSON)) {
                    JsonMapper mapper = mapper(value.getClass(), smart);
                    if (mapper != null) {
                        write(value, mapper, out);
                    }
                    else {
                        ((SmartHttpMessageConverter<Object>) smart).write(value, type, JSON, new Output(out), null);
                    }
                    return;
                }
            }
            else if (converter.canWrite(value.getClass(), JSON)) {
                ((HttpMessageConverter<Object>) converter).write(value, JSON, new Output(out));
                return;
            }
        }
        throw new ConversionException("No message converter writes " + value.getClass().getName() + " as JSON", null);
    }

    private static void write(Object value, JsonMapper mapper, OutputStream out) {
        ObjectWriter writer = mapper.writer();
        try (JsonGenerator generator = new StrictJsonGenerator(writer.createGenerator(out))) {
            writer.writeValue(generator, value);
        }
    }

    /** Return the mapper that the converter would use, if it would do nothing else. */
    private static @Nullable JsonMapper mapper(Class<?> type, SmartHttpMessageConverter<?> converter) {
        if (converter.getClass() != JacksonJsonHttpMessageConverter.class) {
            return null;
        }
        JacksonJsonHttpMessageConverter jackson = (JacksonJsonHttpMessageConverter) converter;
        return jackson.getMappersForType(type).isEmpty() ? jackson.getMapper() : null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T read(Type type, byte[] json) {
        if (json.length == 0) {
            throw new ConversionException("The body is empty, so it cannot be read as " + type.getTypeName(), null);
        }
        Object value;
        try {
            ObjectReader reader = this.readers.get(type);
            value = (reader != null) ? reader.readValue(json) : convert(type, json);
        }
        catch (HttpMessageConversionException | JacksonException | IOException ex) {
            throw new ConversionException("The body cannot be read as " + type.getTypeName() + describe(ex), ex);
        }
        if (value == null) {
            throw new ConversionException("The body is JSON null, so it cannot be read as " + type.getTypeName(), null);
        }
        return (T) value;
    }

    /** Where it went wrong, but not at which value. */
    private static String describe(Exception ex) {
        Throwable cause = (ex instanceof JacksonException) ? ex : ex.getCause();
        if (!(cause instanceof JacksonException jackson)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (JacksonException.Reference reference : jackson.getPath()) {
            text.append((reference.getPropertyName() != null) ? "." + reference.getPropertyName()
                    : "[" + reference.getIndex() + "]");
        }
        TokenStreamLocation location = jackson.getLocation();
        return ((text.length() > 0) ? " at $" + Text.escape(text.toString(), 100) : "")
                + ((location != null && location.getLineNr() > 0)
                        ? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")" : "");
    }

    @SuppressWarnings({ "unchecked", "rawtypes" })
    private @Nullable Object convert(Type type, byte[] json) throws IOException {
        ResolvableType resolvable = ResolvableType.forType(type);
        Class<?> raw = resolvable.resolve(Object.class);
        for (HttpMessageConverter converter : this.converters) {
            if (converter instanceof SmartHttpMessageConverter smart) {
                if (smart.canRead(resolvable, JSON)) {
                    Object value = smart.read(resolvable, new Input(json), null);
                    remember(type, raw, smart);
                    return value;
                }
            }
            else if (converter instanceof GenericHttpMessageConverter generic) {
                if (generic.canRead(type, null, JSON)) {
                    return generic.read(type, null, new Input(json));
                }
            }
            else if (type instanceof Class && converter.canRead(raw, JSON)) {
                return converter.read(raw, new Input(json));
            }
        }
        throw new ConversionException("No message converter reads " + type.getTypeName() + " from JSON", null);
    }

    private void remember(Type type, Class<?> raw, SmartHttpMessageConverter<?> converter) {
        JsonMapper mapper = mapper(raw, converter);
        if (mapper != null && this.readers.size() < 1000) {
            this.readers.put(type, mapper.readerFor(mapper.constructType(type)));
        }
    }

    /** Made when it is first needed. */
    static final class Default {

        static final ConverterJson INSTANCE = new ConverterJson(List.of(new JacksonJsonHttpMessageConverter()));

        private Default() {
        }

    }

    private record Input(byte[] json) implements HttpInputMessage {

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(this.json);
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            headers.setContentType(JSON);
            return headers;
        }

    }

    private record Output(OutputStream body, HttpHeaders headers) implements HttpOutputMessage {

        Output(OutputStream body) {
            this(body, new HttpHeaders());
        }

        @Override
        public OutputStream getBody() {
            return this.body;
        }

        @Override
        public HttpHeaders getHeaders() {
            return this.headers;
        }

    }

}
