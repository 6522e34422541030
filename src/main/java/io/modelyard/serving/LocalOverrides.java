package io.modelyard.serving;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.ApplicationEventPublisher;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.traffic.TypeView;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The local overrides of this replica, for the hour in which the store cannot be written. Each ends by itself, is told of
 * in the log as long as it lasts, and survives a restart until then. Safe for use by many threads.
 */
@Singleton
public class LocalOverrides {
    private static final Logger LOG = LoggerFactory.getLogger(LocalOverrides.class);
    private static final Duration BETWEEN_REMINDERS = Duration.ofMinutes(10);

    private final Registry registry;
    private final LocalOverrideFile file;
    private final Clock clock;
    private final ApplicationEventPublisher<Changed> events;
    /** By type; replaced as a whole. */
    private volatile Map<String, LocalOverride> inForce = Map.of();
    /** Guarded by this. */
    private Instant nextReminder = Instant.MAX;

    /**
     * The event that overrides began or ended.
     *
     * @param versions by type, what this replica answers with instead of everybody's active version
     */
    public record Changed(Map<String, String> versions) {}

    LocalOverrides(Registry registry, @Property(name = "modelyard.serving.local-overrides") Path file, Clock clock,
            ApplicationEventPublisher<Changed> events) {
        this.registry = registry;
        this.file = new LocalOverrideFile(file);
        this.clock = clock;
        this.events = events;
    }

    @PostConstruct
    synchronized void restore() {
        List<LocalOverride> kept = file.read();
        if (!kept.isEmpty()) {
            Map<String, LocalOverride> all = new TreeMap<>();
            kept.forEach(override -> all.put(override.type(), override));
            // No event: whoever listens asks for versions() first, and is told of what changes after that.
            inForce = Map.copyOf(all);
            remind("LOCAL OVERRIDE goes on after the restart");
        }
    }

    /** What routes of the type are chosen from on this replica. */
    public TypeView view(RegistrySnapshot snapshot, String type) {
        return ServingPlan.view(snapshot, type, inForce);
    }

    /** By type, what this replica answers with instead of everybody's active version. */
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        inForce.forEach((type, override) -> versions.put(type, override.version()));
        return versions;
    }

    /** By type; what is overtaken has no effect although it may be here for a moment more. */
    Map<String, LocalOverride> inForce() {
        return inForce;
    }

    Optional<LocalOverride> of(String type) {
        return Optional.ofNullable(inForce.get(type));
    }

    synchronized void begin(LocalOverride override) {
        Map<String, LocalOverride> all = new TreeMap<>(inForce);
        all.put(override.type(), override);
        set(all);
        file.write(all.values());
        remind("LOCAL OVERRIDE begins");
    }

    /** Whether there was one to be ended. */
    boolean end(String type, String why) {
        return endWhere(override -> override.type().equals(type), why);
    }

    /** Ends what is over, and reminds of the rest. */
    @Scheduled(fixedDelay = "1s")
    synchronized void tick() {
        if (inForce.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        RegistrySnapshot snapshot = registry.current();
        endWhere(override -> !now.isBefore(override.until()), "its time is over");
        if (registry.state().isKnown()) {
            endWhere(override -> override.isOvertaken(ServingPlan.view(snapshot, override.type(), Map.of())),
                    "the registry was changed: its active version is another, or this one was deleted");
        }
        if (!now.isBefore(nextReminder)) {
            remind("LOCAL OVERRIDE is in force");
        }
    }

    private synchronized boolean endWhere(Predicate<LocalOverride> isOver, String why) {
        Map<String, LocalOverride> rest = new TreeMap<>(inForce);
        Collection<LocalOverride> over = rest.values().stream().filter(isOver).toList();
        if (over.isEmpty()) {
            return false;
        }
        rest.values().removeAll(over);
        over.forEach(override -> LOG.warn("LOCAL OVERRIDE ends, {}: '{}' is answered as everywhere again, and not with "
                + "version {}", why, override.type(), override.version()));
        set(rest);
        file.write(rest.values());
        return true;
    }

    private void set(Map<String, LocalOverride> all) {
        inForce = Map.copyOf(all);
        events.publishEvent(new Changed(versions()));
    }

    private void remind(String what) {
        nextReminder = clock.instant().plus(BETWEEN_REMINDERS);
        inForce.values().forEach(override -> LOG.warn("{}: until {} this replica alone answers '{}' with version {} "
                + "instead of {}; {} wanted it{}", what, override.until(), override.type(), override.version(),
                override.replaced() == null ? "the latest" : override.replaced(), override.by(),
                override.reason() == null ? "" : ": " + override.reason()));
    }
}
