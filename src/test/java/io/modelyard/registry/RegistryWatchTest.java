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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    private MemoryCopy copy;
    private Replica replica;
    private ManualScheduler scheduler;
    private RegistryWatch watch;
    private RegistryHealth health;

    @BeforeEach
    void open() {
        copy = new MemoryCopy();
        replica = new Replica(folder, 1, copy);
        scheduler = new ManualScheduler();
        watch = new RegistryWatch(replica.registry, Replica.configuration(Duration.ofSeconds(10)), scheduler,
                replica.clock, new Random(2));
        health = new RegistryHealth(replica.registry, new ReplicaId(folder.resolve("data"), new Random(1)),
                replica.clock);
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
    void readsTheStoreBeforeTheServerAnswers() {
        replica.push(Manifests.of("penguins", "1"));
        start();

        assertThat(versions()).isEqualTo(1);
        assertThat(scheduler.delay).isEqualTo(POLL);
    }

    @Test
    void pollsForWhatToolsWroteAndReconcilesForTheRest() {
        start();
        replica.push(Manifests.of("penguins", "1"));
        scheduler.run();
        assertThat(versions()).isZero();
        replica.clock.advance(RECONCILE);
        scheduler.run();
        assertThat(versions()).isEqualTo(1);

        new Replica(folder, 2).writer.publish(Manifests.of("penguins", "2"));
        scheduler.run();
        assertThat(versions()).isEqualTo(2);
    }

    @Test
    void startsWithoutTheStoreAndSyncsAsSoonAsItAnswers() {
        replica.push(Manifests.of("penguins", "1"));
        replica.store.down = key -> true;
        start();
        assertThat(versions()).isZero();
        assertThat(health.result().getStatus()).isEqualTo(HealthStatus.DOWN);
        scheduler.run();

        replica.store.down = key -> false;
        scheduler.run();
        assertThat(versions()).isEqualTo(1);
        assertThat(health.result().getStatus()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void asksAStoreThatFailsLessAndLessOftenButNeverLessThanTheBound() {
        start();
        replica.store.down = key -> true;
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            scheduler.run();
            pauses.add(scheduler.delay);
        }

        assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(pauses.subList(3, 30)).allSatisfy(
                pause -> assertThat(pause).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        assertThat(pauses.subList(3, 30)).doesNotHaveDuplicates();
        replica.store.down = key -> false;
        scheduler.run();
        assertThat(scheduler.delay).isEqualTo(POLL);
    }

    @Test
    void servesWhatWasKeptOnDiskWhileTheStoreIsDown() {
        replica.push(Manifests.of("penguins", "1"));
        start();
        watch.stop();

        Replica restarted = new Replica(folder, 2, copy);
        restarted.store.down = key -> true;
        restarted.clock.advance(Duration.ofMinutes(5));
        ManualScheduler later = new ManualScheduler();
        RegistryWatch watching = new RegistryWatch(restarted.registry, Replica.configuration(Duration.ZERO), later,
                restarted.clock, new Random(3));
        try (ApplicationContext context = ApplicationContext.builder().build()) {
            watching.onApplicationEvent(new StartupEvent(context));
        }

        assertThat(restarted.registry.current().models()).hasSize(1);
        RegistryHealth ofRestarted = new RegistryHealth(restarted.registry,
                new ReplicaId(folder.resolve("data"), new Random(2)), restarted.clock);
        assertThat(ofRestarted.result().getStatus()).isEqualTo(HealthStatus.UP);
        assertThat(ofRestarted.result().getDetails())
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("from_disk", true).containsEntry("stale_ms", 300_000L);

        restarted.store.down = key -> false;
        new Replica(folder, 4).writer.publish(Manifests.of("penguins", "2"));
        later.run();
        assertThat(restarted.store.reads).contains("registry/penguins/2.json")
                .doesNotContain("registry/penguins/1.json");
        assertThat(restarted.registry.current().models()).hasSize(2);
        assertThat(restarted.registry.state().isFromDisk()).isFalse();
    }

    @Test
    void staysHealthyButSaysHowStaleItIsWhileTheStoreIsDown() {
        replica.put("registry/penguins/1.json", "{");
        start();
        replica.store.down = key -> true;
        replica.clock.advance(Duration.ofSeconds(90));
        scheduler.run();

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
        replica.clock.advance(RECONCILE);
        scheduler.run();
        replica.store.down = key -> false;
        replica.push(Manifests.of("penguins", "1"));
        scheduler.run();

        assertThat(versions()).isEqualTo(1);
    }

    @Test
    void asksNothingMoreAfterItsStop() {
        start();
        watch.stop();

        assertThat((Future<?>) scheduler.future).matches(Future::isCancelled);
        scheduler.delay = Duration.ZERO;
        scheduler.run();
        assertThat(scheduler.delay).isZero();
    }

    @Test
    void hasDefaultsAndReadsItsConfiguration() {
        assertThat(configuration(Map.of())).isEqualTo(Replica.configuration(Duration.ofSeconds(10)));
        RegistryConfiguration read = configuration(Map.of("modelyard.registry.reconcile-interval", "5m",
                "modelyard.registry.poll-interval", "500ms", "modelyard.registry.reconcile-requests", "3"));
        assertThat(read.reconcileInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read.pollInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(read.reconcileRequests()).isEqualTo(3);
    }

    @Test
    void refusesConfigurationThatMakesNoSense() {
        assertThatThrownBy(() -> configuration(Map.of("modelyard.registry.poll-interval", "0s")))
                .isInstanceOf(BeanInstantiationException.class)
                .hasMessageContaining("modelyard.registry.poll-interval");
        assertThatThrownBy(() -> configuration(Map.of("modelyard.registry.reconcile-interval", "1s")))
                .isInstanceOf(BeanInstantiationException.class)
                .hasMessageContaining("modelyard.registry.reconcile-interval");
        assertThatThrownBy(() -> configuration(Map.of("modelyard.registry.reconcile-requests", "0")))
                .isInstanceOf(BeanInstantiationException.class)
                .hasMessageContaining("modelyard.registry.reconcile-requests");
    }

    private RegistryConfiguration configuration(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("modelyard.registry.watch", "false");
        all.put("modelyard.store.uri", folder.toString());
        all.put("modelyard.registry.file", "registry.db");
        all.put("modelyard.data-dir", folder.resolve("data").toString());
        try (ApplicationContext context = ApplicationContext.run(all)) {
            return context.getBean(RegistryConfiguration.class);
        }
    }

    /** Runs the last task when told to. */
    private static final class ManualScheduler implements TaskScheduler {
        private Runnable task = () -> {};
        private Duration delay = Duration.ZERO;
        private @Nullable ScheduledFuture<?> future;
        private final ScheduledExecutorService never = Executors.newSingleThreadScheduledExecutor();

        void run() {
            task.run();
        }

        @Override
        public ScheduledFuture<?> schedule(Duration delay, Runnable command) {
            this.delay = delay;
            task = command;
            ScheduledFuture<?> scheduled = never.schedule(() -> {}, 1, TimeUnit.DAYS);
            future = scheduled;
            return scheduled;
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(@Nullable Duration initialDelay, Duration delay,
                Runnable command) {
            throw new UnsupportedOperationException();
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
