package dev.outbound.boot;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.Nullness;
import org.springframework.core.ResolvableType;

import dev.outbound.boot.Key.Kind;

/**
 * The keys that a class of properties has, so that the class is the one place where a key
 * is added.
 */
final class Schema {

    /** What can be set for a client and for the defaults. */
    static final Schema CLIENT = of(ClientProperties.class);

    /** What is set once. */
    static final Schema GLOBAL = of(OutboundProperties.class).without("clients").without("defaults");

    private final Map<String, Key> keys;

    private final Map<String, Key> byUniformPath = new LinkedHashMap<>();

    private Schema(Map<String, Key> keys) {
        this.keys = keys;
        keys.forEach((path, key) -> this.byUniformPath.put(PropertyPath.of(path).uniform(), key));
    }

    static Schema of(Class<?> type) {
        Map<String, Key> keys = new LinkedHashMap<>();
        addKeys(type, "", "", keys);
        return new Schema(keys);
    }

    private static void addKeys(Class<?> owner, String path, String property, Map<String, Key> keys) {
        for (Field field : owner.getDeclaredFields()) {
            PropertyDescriptor descriptor = BeanUtils.getPropertyDescriptor(owner, field.getName());
            Method getter = (descriptor != null) ? descriptor.getReadMethod() : null;
            if (getter != null) {
                addKey(field, getter, path, property, keys);
            }
        }
    }

    private static void addKey(Field field, Method getter, String path, String property, Map<String, Key> keys) {
        Name name = field.getAnnotation(Name.class);
        String keyPath = path + ((name != null) ? name.value() : DataObjectPropertyName.toDashedForm(field.getName()));
        String keyProperty = property + field.getName();
        boolean nullable = Nullness.forMethodReturnType(getter) == Nullness.NULLABLE;
        Class<?> type = getter.getReturnType();
        if (type.getPackage() == Schema.class.getPackage() && !type.isEnum()) {
            keys.put(keyPath, new Key(keyPath, keyProperty, type, Kind.BLOCK, nullable));
            addKeys(type, keyPath + ".", keyProperty + ".", keys);
            return;
        }
        Kind kind = Kind.of(type);
        Class<?> valueType = (kind == Kind.LIST)
                ? ResolvableType.forMethodReturnType(getter).getGeneric(0).resolve(String.class)
                : (kind == Kind.MAP) ? String.class : type;
        keys.put(keyPath, new Key(keyPath, keyProperty, valueType, kind, nullable));
    }

    private Schema without(String block) {
        Map<String, Key> keys = new LinkedHashMap<>(this.keys);
        keys.values().removeIf((key) -> key.isIn(block));
        return new Schema(keys);
    }

    Collection<Key> keys() {
        return this.keys.values();
    }

    Collection<String> paths() {
        return this.keys.keySet();
    }

    Key key(String path) {
        Key key = this.keys.get(path);
        if (key == null) {
            throw new IllegalArgumentException("No key '" + path + "'");
        }
        return key;
    }

    /** The key that a written path belongs to. */
    @Nullable Match find(PropertyPath path) {
        Key key = this.byUniformPath.get(path.uniform());
        if (key != null && !key.is(Kind.MAP) && (path.index() == null || key.is(Kind.LIST))) {
            return new Match(key, "", path.index());
        }
        for (int i = 1; i < path.size(); i++) {
            key = this.byUniformPath.get(new PropertyPath(path.elements().subList(0, i), null).uniform());
            if (key != null && key.is(Kind.MAP)) {
                return new Match(key, path.from(i).text(), path.index());
            }
        }
        return null;
    }

    /** The key of a name, whether a value of this form belongs there or not. */
    @Nullable Key named(PropertyPath path) {
        return this.byUniformPath.get(path.uniform());
    }

    /**
     * A key, and which of its values is meant.
     *
     * @param entry the name in a map, or an empty text
     * @param index the position in a list, or {@code null}
     */
    record Match(Key key, String entry, @Nullable Integer index) {

        /** The name to show, relative to the block. */
        String shown() {
            String name = this.entry.isEmpty() ? this.key.path() : this.key.path() + "." + this.entry;
            return (this.index != null) ? name + "[" + this.index + "]" : name;
        }

    }

}
