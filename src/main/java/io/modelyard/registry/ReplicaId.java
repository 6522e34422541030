package io.modelyard.registry;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The name of this replica among those of one store: the host's name and some random digits, made once and kept in the
 * data directory.
 */
@Singleton
public final class ReplicaId {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaId.class);
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int RANDOM_BYTES = 4;
    private static final int LONGEST_HOST = 60;

    private final String id;

    ReplicaId(@Property(name = "modelyard.data-dir") Path dataDirectory, RandomGenerator random) {
        this.id = keep(dataDirectory.resolve("replica-id"), fresh(random));
    }

    @Override
    public String toString() {
        return id;
    }

    private static String keep(Path file, String fresh) {
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (SYNTAX.matcher(kept).matches()) {
                    return kept;
                }
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, fresh + "\n");
        } catch (IOException e) {
            LOG.warn("The name of this replica cannot be kept in {}, so it is another after a restart: {}", file,
                    e.toString());
        }
        return fresh;
    }

    private static String fresh(RandomGenerator random) {
        byte[] digits = new byte[RANDOM_BYTES];
        random.nextBytes(digits);
        return host() + "-" + HexFormat.of().formatHex(digits);
    }

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isBlank()) {
            try {
                name = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                name = "replica";
            }
        }
        String plain = name.replaceAll("[^A-Za-z0-9-]", "-").replaceAll("^-+", "");
        return plain.isEmpty() ? "replica" : plain.substring(0, Math.min(plain.length(), LONGEST_HOST));
    }
}
