package dev.outbound.mock;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares the files of a multipart body.
 *
 * @param expected the files that must be there
 * @param exact whether there must be no others
 */
record FilePattern(List<Expected> expected, boolean exact) implements RequestPattern {

    @Override
    public Comparison compare(SentRequest request) {
        List<SentFile> files = request.files();
        boolean matches = this.expected.stream().allMatch((one) -> files.stream().anyMatch(one::matches))
                && (!this.exact || files.stream()
                    .allMatch((file) -> this.expected.stream().anyMatch((one) -> one.matches(file))));
        String actual = files.stream().map(SentFile::toString).collect(Collectors.joining(", "));
        return Comparison.of(new Comparison.Part("files", toString(), actual.isEmpty() ? "none" : actual, matches),
                Map.of());
    }

    @Override
    public String toString() {
        return this.expected.stream().map(Expected::toString).collect(Collectors.joining(", "))
                + (this.exact ? " only" : "");
    }

    /**
     * A file that must be there.
     *
     * @param name the name of the form's field
     * @param fileName the file name
     * @param content the content, as text
     */
    record Expected(String name, Lookup fileName, Lookup content) {

        boolean matches(SentFile file) {
            return file.name().equals(this.name) && this.fileName.matches(file.fileName())
                    && this.content.matches(file.text());
        }

        @Override
        public String toString() {
            return "file " + this.name + " (" + this.fileName + ", content " + this.content + ")";
        }

    }

}
