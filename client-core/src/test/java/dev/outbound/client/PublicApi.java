package dev.outbound.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The public types of a module and what users can call on them, one signature a line. The
 * same on every JDK.
 *
 * <p>
 * {@link #assertReviewed()} compares it with {@code src/test/resources/public-api.txt} of
 * the module; {@code -Dapi.update=true} writes that file instead.
 */
public final class PublicApi {

    private static final int SHOWN = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT
            | Modifier.FINAL;

    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals(Object)", "hashCode()", "toString()");

    private final Path module;

    private PublicApi(Path module) {
        this.module = module;
    }

    /** Return the API of the module whose tests hold the given class. */
    public static PublicApi ofModuleOf(Class<?> test) {
        try {
            Path testClasses = Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
            return new PublicApi(testClasses.getParent().getParent());
        }
        catch (URISyntaxException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Fail with the differences when the API is not the reviewed one. */
    public void assertReviewed() {
        Path file = this.module.resolve("src/test/resources/public-api.txt");
        List<String> actual = lines();
        if (Boolean.getBoolean("api.update")) {
            write(file, actual);
            return;
        }
        List<String> diff = diff(read(file), actual);
        if (!diff.isEmpty()) {
            throw new AssertionError("The public API is not the reviewed one in " + file
                    + ".\nIf the change is meant, run this test with -Dapi.update=true and review the file.\n"
                    + String.join("\n", diff));
        }
    }

    /** Return the types by name, each followed by its sorted members, indented. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            lines.add(declaration(type));
            members(type).stream().map((member) -> "    " + member).forEach(lines::add);
        }
        return lines;
    }

    private List<Class<?>> types() {
        Path classes = this.module.resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map((file) -> classes.relativize(file).toString().replace('\\', '/'))
                .filter((file) -> file.endsWith(".class") && !file.endsWith("-info.class"))
                .map((file) -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                .sorted()
                .<Class<?>>map(PublicApi::load)
                .filter(PublicApi::isVisible)
                .toList();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        }
        catch (ClassNotFoundException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static boolean isVisible(Class<?> type) {
        return !type.isSynthetic() && isVisible(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String declaration(Class<?> type) {
        StringBuilder line = new StringBuilder(modifiers(type.getModifiers() & ~Modifier.ABSTRACT));
        if (Modifier.isAbstract(type.getModifiers()) && !type.isInterface() && !type.isEnum()) {
            line.append("abstract ");
        }
        line.append(type.isSealed() ? "sealed " : "");
        line.append(type.isAnnotation() ? "@interface "
                : type.isInterface() ? "interface " : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ");
        line.append(type.getName()).append(parameters(type.getTypeParameters()));
        if (type.isRecord()) {
            line.append(Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(", ", "(", ")")));
        }
        Type parent = type.getGenericSuperclass();
        if (parent != null && !type.isEnum() && !type.isRecord() && parent != Object.class) {
            line.append(" extends ").append(name(parent));
        }
        if (type.getGenericInterfaces().length > 0 && !type.isAnnotation()) {
            line.append(type.isInterface() ? " extends " : " implements ").append(names(type.getGenericInterfaces()));
        }
        return line.toString();
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Class<?> declaring : withHiddenParents(type)) {
            for (Field field : declaring.getDeclaredFields()) {
                if (isOffered(field, type)) {
                    members.add(modifiers(field.getModifiers()) + annotatedName(field.getAnnotatedType()) + " "
                            + field.getName());
                }
            }
            for (Method method : declaring.getDeclaredMethods()) {
                if (isOffered(method, type) && !OF_EVERY_OBJECT.contains(call(method, method.getName()))) {
                    members.add(modifiers(method.getModifiers()) + (method.isDefault() ? "default " : "")
                            + spaced(parameters(method.getTypeParameters()))
                            + annotatedName(method.getAnnotatedReturnType()) + " " + call(method, method.getName())
                            + thrown(method) + ((method.getDefaultValue() != null) ? " default" : ""));
                }
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isOffered(constructor, type)) {
                members.add(modifiers(constructor.getModifiers()) + spaced(parameters(constructor.getTypeParameters()))
                        + call(constructor, "new") + thrown(constructor));
            }
        }
        return members;
    }

    // What a public type inherits from a package-private one is public too
    private static List<Class<?>> withHiddenParents(Class<?> type) {
        List<Class<?>> types = new ArrayList<>(List.of(type));
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
            .filter((parent) -> !isVisible(parent))
            .forEach((parent) -> types.addAll(withHiddenParents(parent)));
        return types;
    }

    private static boolean isOffered(Member member, Class<?> type) {
        boolean inherited = Modifier.isPublic(member.getModifiers()) || !Modifier.isFinal(type.getModifiers());
        return isVisible(member.getModifiers()) && inherited && !member.isSynthetic()
                && !(type.isEnum() && Set.of("values", "valueOf").contains(member.getName()));
    }

    private static String modifiers(int modifiers) {
        return spaced(Modifier.toString(modifiers & SHOWN));
    }

    private static String spaced(String text) {
        return text.isEmpty() ? "" : text + " ";
    }

    private static String parameters(TypeVariable<?>[] variables) {
        return (variables.length == 0) ? "" : Arrays.stream(variables).map((variable) -> {
            Type[] bounds = variable.getBounds();
            return variable.getName() + ((bounds.length == 1 && bounds[0] == Object.class) ? ""
                    : " extends " + names(bounds).replace(", ", " & "));
        }).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String call(Executable executable, String name) {
        return Arrays.stream(executable.getParameters())
            .map(PublicApi::parameter)
            .collect(Collectors.joining(", ", name + "(", ")"));
    }

    private static String parameter(Parameter parameter) {
        String name = annotatedName(parameter.getAnnotatedType());
        return parameter.isVarArgs() ? name.substring(0, name.length() - 2) + "..." : name;
    }

    private static String thrown(Executable executable) {
        return (executable.getExceptionTypes().length == 0) ? ""
                : " throws " + names(executable.getGenericExceptionTypes());
    }

    private static String annotatedName(AnnotatedType type) {
        return (isNullable(type) ? "@Nullable " : "") + name(type.getType());
    }

    private static boolean isNullable(AnnotatedElement element) {
        return element.isAnnotationPresent(Nullable.class);
    }

    private static String names(Type[] types) {
        return Arrays.stream(types).map(PublicApi::name).collect(Collectors.joining(", "));
    }

    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\bjava\\.(lang|util)\\.(function\\.)?(?=[A-Z])", "");
    }

    // Each line is known by its type, so that the same member of two types is told apart
    private static List<String> diff(List<String> reviewed, List<String> actual) {
        Set<String> before = qualified(reviewed);
        Set<String> after = qualified(actual);
        return Stream
            .concat(before.stream().filter((line) -> !after.contains(line)).map((line) -> "- " + line),
                    after.stream().filter((line) -> !before.contains(line)).map((line) -> "+ " + line))
            .toList();
    }

    private static Set<String> qualified(List<String> lines) {
        Set<String> qualified = new TreeSet<>();
        String type = "";
        for (String line : lines) {
            if (line.startsWith(" ")) {
                qualified.add(type + ":  " + line.strip());
            }
            else {
                type = line.replaceFirst(".*?(class|interface|enum|record) ([\\w.$]+).*", "$2");
                qualified.add(line);
            }
        }
        return qualified;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        }
        catch (NoSuchFileException ex) {
            return List.of();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
