package io.modelyard.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.event.ApplicationEventPublisher;
import io.modelyard.SettableClock;
import io.modelyard.model.Manifest;
import io.modelyard.model.Routing;
import io.modelyard.store.directory.DirectoryStore;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** One server's registry over a folder that it may share with others. */
final class Replica {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final KnownRuntimes RUNTIMES = new KnownRuntimes(Set.of("xgboost", "onnx"));

    final SettableClock clock = new SettableClock(NOW);
    final DocumentFormat format = new DocumentFormat();
    final TroubledStore store;
    final Registry registry;
    final RegistryWriter writer;
    final List<RegistryChanged> events = Collections.synchronizedList(new ArrayList<>());
    volatile Consumer<RegistryChanged> listener = event -> {};

    Replica(Path folder, long seed) {
        this(folder, seed, null);
    }

    /** @param copy what is kept on local disk, or null */
    Replica(Path folder, long seed, @Nullable DocumentCopy copy) {
        store = new TroubledStore(new DirectoryStore(folder));
        ApplicationEventPublisher<RegistryChanged> publisher = new ApplicationEventPublisher<>() {
            @Override
            public void publishEvent(RegistryChanged event) {
                events.add(event);
                listener.accept(event);
            }
        };
        registry = new Registry(store, format, RUNTIMES, configuration(Duration.ZERO), clock, publisher, copy);
        Random random = new Random(seed);
        writer = new RegistryWriter(store, format, registry, RUNTIMES, clock, random, null,
                pause -> Thread.onSpinWait());
    }

    /** The default one but for the wait. */
    static RegistryConfiguration configuration(Duration startWait) {
        return new RegistryConfiguration(Duration.ofSeconds(2), Duration.ofSeconds(60), 10, Duration.ofSeconds(10),
                startWait, Path.of("registry.db"));
    }

    /** Puts a manifest there with plain tools. */
    void push(Manifest manifest) {
        put("registry/" + manifest.id() + ".json", write(manifest));
    }

    void put(String key, String text) {
        store.put(key, text.getBytes(UTF_8));
    }

    String write(Manifest manifest) {
        try {
            return new String(format.write(manifest), UTF_8);
        } catch (InvalidDocumentException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static String routing(String type, long revision, String members) {
        return """
               {"type": "%s", "revision": %d, %s
                "change": {"id": "by-hand-%d", "at": "2026-11-20T10:00:00Z", "action": "activate"}}
               """.formatted(type, revision, members, revision);
    }

    /** A routing like the newest one, but with another active version. */
    static Routing activate(Optional<Routing> newest, String type, @Nullable String version) {
        Routing before = newest.orElse(null);
        String active = before == null ? null : before.active();
        return new Routing(type, 0, version, null, active, before == null ? Map.of() : before.aliases(),
                before == null ? Map.of() : before.retired(), before == null ? null : before.experiment(),
                new Routing.Change("", Instant.EPOCH, "ops", "activate", active, version, null));
    }
}
