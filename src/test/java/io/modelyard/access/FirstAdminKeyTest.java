package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.access.FirstAdminKey.Outcome;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The key that all others are made with. */
final class FirstAdminKeyTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

    @TempDir
    Path home;
    private final KeyStore store = new InMemoryKeyStore();
    private Path path;

    @BeforeEach
    void place() {
        path = home.resolve("data/admin.key");
    }

    @Test
    void isWrittenForItsOwnerAloneAndStoredAsAHash() throws IOException {
        assertThat(first(store, path).ensure()).isEqualTo(new Outcome.Made(path.toAbsolutePath()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        String plain = Files.readString(path).strip();
        ApiKey stored = Objects.requireNonNull(store.keys().get("admin"));
        assertThat(stored.hash()).isEqualTo(new PlainKey(plain).hash()).doesNotContain(plain);
        assertThat(stored.roles()).containsExactly(Role.ADMIN);
        assertThat(stored.revision()).isOne();
        assertThat(files()).containsExactly("admin.key");
    }

    @Test
    void isMadeOnce() throws IOException {
        first(store, path).ensure();
        String plain = Files.readString(path);
        assertThat(first(store, path).ensure()).isEqualTo(new Outcome.NotNeeded());
        assertThat(Files.readString(path)).isEqualTo(plain);
    }

    @Test
    void isNotMadeWhereThereIsAnyKey() {
        store.change("other", _ -> key("other", "hash"));
        assertThat(first(store, path).ensure()).isEqualTo(new Outcome.NotNeeded());
        assertThat(path).doesNotExist();
    }

    @Test
    void comesFromTheFileThatAnInterruptedStartLeft() {
        PlainKey left = PlainKey.random(new SecureRandom());
        assertThat(new AdminKeyFile(path).create(left)).isTrue();
        assertThat(first(store, path).ensure()).isInstanceOf(Outcome.Made.class);
        assertThat(store.keys().get("admin")).isNotNull().extracting(ApiKey::hash).isEqualTo(left.hash());
    }

    @Test
    void leavesNoFileWhereAnotherServerWasFaster() {
        KeyStore overtaken = new Overtaken(key("admin", "somebody else's"));
        assertThat(first(overtaken, path).ensure()).isEqualTo(new Outcome.MadeElsewhere());
        assertThat(path).doesNotExist();
    }

    @Test
    void keepsTheFileWhereAnotherServerWasFasterAndTheFileWasThereBefore() {
        new AdminKeyFile(path).create(PlainKey.random(new SecureRandom()));
        assertThat(first(new Overtaken(key("admin", "somebody else's")), path).ensure())
                .isEqualTo(new Outcome.MadeElsewhere());
        assertThat(path).exists();
    }

    @Test
    void isKeptForTheNextStartWhereTheStoreCannotBeReached() {
        KeyStore down = new Overtaken(key("admin", "x")) {
            @Override
            public ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide) {
                throw ServingFailure.Unavailable.storeUnavailable("down", null);
            }
        };
        assertThatThrownBy(() -> first(down, path).ensure()).isInstanceOf(ServingFailure.Unavailable.class);
        assertThat(path).exists();
        assertThat(first(store, path).ensure()).isInstanceOf(Outcome.Made.class);
    }

    @Test
    void isNotMadeBeforeTheStoreHasBeenRead() {
        KeyStore unread = new Overtaken(key("admin", "x")) {
            @Override
            public boolean isRead() {
                return false;
            }
        };
        assertThat(first(unread, path).ensure()).isEqualTo(new Outcome.NotKnown());
        assertThat(path).doesNotExist();
    }

    @Test
    void isOneOfSeveralServersThatStartAtOnce() throws Exception {
        int servers = 8;
        CyclicBarrier start = new CyclicBarrier(servers);
        try (ExecutorService threads = Executors.newFixedThreadPool(servers)) {
            var outcomes = threads.invokeAll(IntStream.range(0, servers)
                    .<Callable<Outcome>>mapToObj(i -> () -> {
                        start.await();
                        return first(store, home.resolve(i + "/admin.key")).ensure();
                    }).toList()).stream().map(Future::resultNow).toList();
            assertThat(outcomes).filteredOn(Outcome.Made.class::isInstance).hasSize(1);
        }
        assertThat(IntStream.range(0, servers).filter(i -> Files.exists(home.resolve(i + "/admin.key")))).hasSize(1);
    }

    @Test
    void isOneWhereSeveralServersShareTheirDataDirectory() throws Exception {
        int servers = 8;
        CyclicBarrier start = new CyclicBarrier(servers);
        try (ExecutorService threads = Executors.newFixedThreadPool(servers)) {
            threads.invokeAll(IntStream.range(0, servers).<Callable<Outcome>>mapToObj(_ -> () -> {
                start.await();
                return first(store, path).ensure();
            }).toList()).forEach(Future::resultNow);
        }
        assertThat(new PlainKey(Files.readString(path).strip()).hash())
                .isEqualTo(Objects.requireNonNull(store.keys().get("admin")).hash());
        assertThat(files()).containsExactly("admin.key");
    }

    private static FirstAdminKey first(KeyStore store, Path path) {
        return new FirstAdminKey(store, KeysFiles.none(), new AdminKeyFile(path), new SecureRandom(), CLOCK);
    }

    private static ApiKey key(String id, String hash) {
        return new ApiKey(id, 1, "change", id, hash, Set.of(Role.ADMIN), Set.of(), null, false, CLOCK.instant(), null);
    }

    private String[] files() throws IOException {
        try (var files = Files.list(path.getParent())) {
            return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
        }
    }

    /** A store where a key appears between reading and writing. */
    private static class Overtaken implements KeyStore {
        private final ApiKey winner;

        Overtaken(ApiKey winner) {
            this.winner = winner;
        }

        @Override
        public Map<String, ApiKey> keys() {
            return Map.of();
        }

        @Override
        public boolean isRead() {
            return true;
        }

        @Override
        public ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide) {
            return decide.apply(Optional.of(winner));
        }
    }
}
