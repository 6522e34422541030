package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.health.HealthStatus;
import io.micronaut.scheduling.TaskScheduler;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** When the store is asked, and what becomes of failures. */
final class RegistryWatchTest {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration RECONCILE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;
    private Replica replica;
    private ManualScheduler scheduler;
    private RegistryWatch watch;
    private RegistryHealth health;

    @BeforeEach
    void open() {
        replica = new Replica(folder, 1);
        scheduler = new ManualScheduler();
        watch = new RegistryWatch(replica.registry, new RegistryConfiguration(RECONCILE, POLL), scheduler);
        health = new RegistryHealth(replica.registry, replica.clock);
    }

    @AfterEach
    void close() {
        scheduler.never.shutdownNow();
    }

    private void start() {
        try (ApplicationContext context = ApplicationContext.builder().build()) {
            watch.onApplicationEvent(new StartupEvent(context));
        }
    }

    private int versions() {
        return replica.registry.current().models().size();
    }

    @Test
    void syncsBeforeTheServerAnswers() {
        replica.push(Manifests.of("penguins", "1"));
        start();

        assertThat(versions()).isEqualTo(1);
        assertThat(scheduler.tasks).containsOnlyKeys(POLL, RECONCILE);
    }

    @Test
    void pollsForWhatToolsWroteAndReconcilesForTheRest() {
        start();
        replica.push(Manifests.of("penguins", "1"));
        scheduler.run(POLL);
        assertThat(versions()).isZero();
        scheduler.run(RECONCILE);
        assertThat(versions()).isEqualTo(1);

        new Replica(folder, 2).writer.publish(Manifests.of("penguins", "2"));
        scheduler.run(POLL);
        assertThat(versions()).isEqualTo(2);
    }

    @Test
    void startsWithoutTheStoreAndSyncsAsSoonAsItAnswers() {
        replica.push(Manifests.of("penguins", "1"));
        replica.store.down = key -> true;
        start();
        assertThat(versions()).isZero();
        assertThat(health.result().getStatus()).isEqualTo(HealthStatus.DOWN);
        scheduler.run(POLL);

        replica.store.down = key -> false;
        scheduler.run(POLL);
        assertThat(versions()).isEqualTo(1);
        assertThat(health.result().getStatus()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void staysHealthyButSaysHowStaleItIsWhileTheStoreIsDown() {
        replica.put("registry/penguins/1.json", "{");
        start();
        replica.store.down = key -> true;
        replica.clock.advance(Duration.ofSeconds(90));
        scheduler.run(POLL);

        assertThat(health.result().getName()).isEqualTo("registry");
        assertThat(health.result().getStatus()).isEqualTo(HealthStatus.UP);
        assertThat(health.result().getDetails()).asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("snapshot_id", replica.registry.current().id()).containsEntry("quarantined", 1)
                .containsEntry("last_sync", Replica.NOW.toString()).containsEntry("stale_ms", 90_000L)
                .containsEntry("store_failing", true).containsKey("last_error");
    }

    @Test
    void survivesAFailureThatNobodyThoughtOf() {
        start();
        replica.store.down = key -> {
            throw new IllegalStateException("a bug");
        };
        scheduler.run(RECONCILE);
        replica.store.down = key -> false;
        replica.push(Manifests.of("penguins", "1"));
        scheduler.run(RECONCILE);

        assertThat(versions()).isEqualTo(1);
    }

    @Test
    void asksNothingMoreAfterItsStop() {
        start();
        watch.stop();
        replica.push(Manifests.of("penguins", "1"));
        scheduler.run(RECONCILE);

        assertThat(versions()).isZero();
        assertThat(scheduler.futures.values()).allMatch(Future::isCancelled);
    }

    @Test
    void hasDefaultsAndReadsItsConfiguration() {
        assertThat(configuration(Map.of())).isEqualTo(new RegistryConfiguration(RECONCILE, POLL));
        assertThat(configuration(Map.of("modelyard.registry.reconcile-interval", "5m",
                "modelyard.registry.poll-interval", "500ms")))
                .isEqualTo(new RegistryConfiguration(Duration.ofMinutes(5), Duration.ofMillis(500)));
    }

    @Test
    void refusesConfigurationThatMakesNoSense() {
        assertThatThrownBy(() -> configuration(Map.of("modelyard.registry.poll-interval", "0s")))
                .isInstanceOf(BeanInstantiationException.class)
                .hasMessageContaining("modelyard.registry.poll-interval");
        assertThatThrownBy(() -> configuration(Map.of("modelyard.registry.reconcile-interval", "1s")))
                .isInstanceOf(BeanInstantiationException.class)
                .hasMessageContaining("modelyard.registry.reconcile-interval");
    }

    private RegistryConfiguration configuration(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("modelyard.registry.watch", "false");
        all.put("modelyard.store.uri", folder.toString());
        try (ApplicationContext context = ApplicationContext.run(all)) {
            return context.getBean(RegistryConfiguration.class);
        }
    }

    /** Runs tasks when told to. */
    private static final class ManualScheduler implements TaskScheduler {
        private final Map<Duration, Runnable> tasks = new HashMap<>();
        private final Map<Duration, ScheduledFuture<?>> futures = new HashMap<>();
        private final ScheduledExecutorService never = Executors.newSingleThreadScheduledExecutor();

        void run(Duration interval) {
            Runnable task = tasks.get(interval);
            assertThat(task).isNotNull();
            if (task != null) {
                task.run();
            }
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(@Nullable Duration initialDelay, Duration delay,
                Runnable command) {
            assertThat(initialDelay).isEqualTo(delay);
            tasks.put(delay, command);
            ScheduledFuture<?> future = never.schedule(() -> {}, 1, TimeUnit.DAYS);
            futures.put(delay, future);
            return future;
        }

        @Override
        public ScheduledFuture<?> schedule(String cron, Runnable command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <V> ScheduledFuture<V> schedule(String cron, Callable<V> command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> schedule(Duration delay, Runnable command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Duration delay, Callable<V> callable) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(@Nullable Duration initialDelay, Duration period,
                Runnable command) {
            throw new UnsupportedOperationException();
        }
    }
}
