package dev.outbound.client.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Finds and reads a netrc file, once.
 */
final class NetrcFile {

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private NetrcFile() {
    }

    static Netrc read(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return Netrc.parse(text.replace("\r\n", "\n"));
        }
        catch (IOException ex) {
            throw new IllegalArgumentException("The netrc file " + file + " cannot be read: " + ex, ex);
        }
        catch (IllegalArgumentException ex) {
            throw new IllegalArgumentException("The netrc file " + file + " is malformed: " + ex.getMessage());
        }
    }

    /**
     * Read the file of the user that this program runs as.
     * @param environment returns the value of an environment variable
     * @param home the user's home directory
     */
    static Netrc readDefault(UnaryOperator<@Nullable String> environment, Path home) {
        String named = environment.apply("NETRC");
        if (named != null && !named.isEmpty()) {
            return read(Path.of(named));
        }
        Path file = home.resolve(".netrc");
        if (!Files.exists(file) && Files.exists(home.resolve("_netrc"))) {
            file = home.resolve("_netrc");
        }
        checkPrivate(file);
        return read(file);
    }

    /** As Python does, for the file that was not named. */
    private static void checkPrivate(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                throw new IllegalArgumentException("The netrc file " + file
                        + " can be read or written by others than its owner; run chmod 600 on it, or name it");
            }
        }
        catch (IOException | UnsupportedOperationException ex) {
            // Reading says what is wrong; Windows has no such permissions.
        }
    }

}
