package dev.outbound.client.vectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The tests of one topic: each vector is given to the operation that it names, and judged
 * as the vectors' README says. The test class is annotated with
 * {@code @ExtendWith(VectorReport.class)}.
 *
 * <pre class="code">
 * &#64;TestFactory
 * Stream&lt;DynamicTest&gt; vectors() {
 *     return Topic.of("url_join").op("join", (in) -&gt; Map.of("url", ...)).tests();
 * }
 * </pre>
 */
public final class Topic {

    private final String name;

    private final Map<String, List<Operation>> operations = new HashMap<>();

    private final Set<String> elsewhere = new HashSet<>();

    private final Set<String> absent = new HashSet<>();

    private final Judge judge = new Judge();

    private Topic(String name) {
        this.name = name;
    }

    /**
     * Begin the tests of a topic.
     * @param name the name of its file
     * @return a topic without operations
     */
    public static Topic of(String name) {
        return new Topic(name);
    }

    /**
     * Say what runs an operation.
     * @param name the operation
     * @param operations the code under test; where there are several, a blocking and a
     * reactive one, each of them is judged
     * @return this
     */
    public Topic op(String name, Operation... operations) {
        this.operations.put(name, List.of(operations));
        return this;
    }

    /**
     * Say which operations another test class runs.
     * @param names the operations
     * @return this
     */
    public Topic elsewhere(String... names) {
        this.elsewhere.addAll(List.of(names));
        return this;
    }

    /**
     * Skip the vectors of a tag, because an optional library is not here.
     * @param tag the tag
     * @param present whether it is here
     * @return this
     */
    public Topic tag(String tag, boolean present) {
        if (!present) {
            this.absent.add(tag);
        }
        return this;
    }

    /**
     * Say which exceptions an error type stands for, beside the usual ones.
     * @param type the error type of the vectors
     * @param exception ours
     * @return this
     */
    public Topic error(String type, Class<? extends Throwable> exception) {
        this.judge.error(type, exception);
        return this;
    }

    /**
     * Say that a key of {@code out} is another view of a second one: where {@code better}
     * replaces the second, the first tells upstream's answer and is not judged.
     * @param key the key that follows
     * @param other the key that it follows
     * @return this
     */
    public Topic follows(String key, String other) {
        this.judge.follows(key, other);
        return this;
    }

    /**
     * Say that a key of {@code out} is not judged, because the topic's notes leave it to
     * the port.
     * @param key the key
     * @return this
     */
    public Topic free(String key) {
        this.judge.free(key);
        return this;
    }

    /**
     * Return a test for each vector.
     * @return the tests
     */
    public Stream<DynamicTest> tests() {
        List<Vector> vectors = new ArrayList<>(VectorFiles.read(this.name));
        vectors.removeIf((vector) -> this.elsewhere.contains(vector.op()));
        return vectors.stream().map((vector) -> DynamicTest.dynamicTest(vector.toString(), () -> test(vector)));
    }

    private void test(Vector vector) {
        boolean absent = vector.tags().stream().anyMatch(this.absent::contains);
        Assumptions.assumeFalse(absent, () -> "the library for " + vector.tags() + " is not here");
        List<Operation> operations = this.operations.get(vector.op());
        Judge.Verdict verdict = (operations != null) ? judge(vector, operations)
                : Judge.Verdict.failed("no operation '" + vector.op() + "' in the tests of topic " + this.name);
        VectorReport.current().add(vector, verdict);
        @Nullable String failure = verdict.failure();
        if (failure != null) {
            Assertions.fail(vector + "\n" + failure + "\nvector: " + vector.json());
        }
    }

    private Judge.Verdict judge(Vector vector, List<Operation> operations) {
        Judge.Verdict verdict = Judge.Verdict.PASSED;
        for (Operation operation : operations) {
            verdict = verdict.and(this.judge.judge(vector, operation));
        }
        return verdict;
    }

}
