package dev.outbound.client.auth;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a netrc file, read as Python's {@code netrc} module does, which HTTPX
 * uses: the last entry of a machine counts, values can be quoted, {@code #} begins a
 * comment where an entry could begin, macros are left out.
 */
final class Netrc {

    /** Login and password of a machine, each possibly empty. */
    private record Entry(String login, String password) {

        @Override
        public String toString() {
            return "Entry";
        }

    }

    private final Map<String, Entry> machines = new HashMap<>();

    private @Nullable Entry fallback;

    private Netrc() {
    }

    /**
     * Parse the text of a file.
     * @throws IllegalArgumentException naming the line of what is not understood
     */
    static Netrc parse(String text) {
        Netrc netrc = new Netrc();
        NetrcLexer lexer = new NetrcLexer(text);
        for (String word = lexer.next(); word != null; word = lexer.next()) {
            switch (word) {
                case "machine" -> netrc.entry(lexer, lexer.value(word));
                case "default" -> netrc.entry(lexer, null);
                case "macdef" -> lexer.skipMacro();
                default -> {
                    if (!word.startsWith("#")) {
                        throw lexer.unexpected("'machine', 'default' or 'macdef'");
                    }
                    lexer.skipLine();
                }
            }
        }
        return netrc;
    }

    private void entry(NetrcLexer lexer, @Nullable String machine) {
        String login = "";
        String password = "";
        for (String word = lexer.peek(); word != null; word = lexer.peek()) {
            if (word.equals("machine") || word.equals("default") || word.equals("macdef")) {
                break;
            }
            lexer.next();
            switch (word) {
                case "login", "user" -> login = lexer.value(word);
                case "password" -> password = lexer.value(word);
                case "account" -> lexer.value(word);
                default -> {
                    if (!word.startsWith("#")) {
                        throw lexer.unexpected("'login', 'password' or 'account'");
                    }
                    lexer.skipLine();
                }
            }
        }
        Entry entry = new Entry(login, password);
        if (machine != null) {
            this.machines.put(machine.toLowerCase(Locale.ROOT), entry);
        }
        else {
            this.fallback = entry;
        }
    }

    /**
     * Return the authentication for a host.
     * @param host the host in lower case
     * @return Basic authentication, or {@code null} where there is no entry, or one
     * without a password
     */
    @Nullable BasicAuth basic(String host) {
        Entry entry = this.machines.getOrDefault(host, this.fallback);
        return (entry == null || entry.password.isEmpty()) ? null
                : new BasicAuth(Challenger.ORIGIN_SERVER, entry.login, entry.password);
    }

}
