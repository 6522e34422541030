package io.modelyard.dashboard;

import io.micronaut.context.annotation.Context;
import io.micronaut.json.JsonMapper;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.dashboard.Tally.Counts;
import io.modelyard.http.ServerLeaving;
import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.registry.ReplicaId;
import io.modelyard.serving.Servables;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Tells every open page each second what happens. The server is looked at once for all of them, and what is told is written once
 * for all callers who see the same. Ends with the server's readiness, so that nobody who only watches keeps it from stopping.
 */
@Context
class EventStreams {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int SYSTEM_EVERY = 5;
    private static final int BUSY_EVERY = 10;

    private final Traffic traffic;
    private final ModelStates states;
    private final SystemFigures system;
    private final Registry registry;
    private final JsonMapper json;
    private final Clock clock;
    private final String replica;
    private final int most;
    private final ScheduledFuture<?> ticking;
    /** Left by those whose caller is gone, on whatever thread that is seen. */
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    /** All guarded by this. */
    private final Past past = new Past();
    private final BusyModels busy = new BusyModels(BUSY_EVERY);
    private final Map<Set<String>, Counts> lastOfTypes = new HashMap<>();
    private Counts last = Counts.NONE;
    private long lastNanos = System.nanoTime();
    private long tick;
    private String lastStanding = "";
    private boolean stopped;

    /** @param past of a caller who sees all types; what others missed is not kept */
    @Serdeable.Serializable
    record Hello(String replica, String version, long t, Past.Columns past) {}

    @Serdeable.Serializable
    record Top(List<BusyModels.Busy> models) {}

    EventStreams(Traffic traffic, Servables servables, SystemFigures system, Registry registry, ReplicaId replica,
            JsonMapper json, Clock clock, DashboardConfiguration configuration,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.traffic = traffic;
        this.states = new ModelStates(servables);
        this.system = system;
        this.registry = registry;
        this.json = json;
        this.clock = clock;
        this.replica = replica.toString();
        this.most = configuration.maxStreams();
        // Not at a fixed rate: after a pause of the machine that makes up for missed turns at once, with rates over a few microseconds.
        this.ticking = scheduler.scheduleWithFixedDelay(TICK, TICK, this::second);
    }

    /**
     * A stream for this caller, which begins with how things are.
     *
     * @param once whether it ends with that
     * @throws ServingFailure.Unavailable if the server is stopping
     * @throws ServingFailure.Overloaded if there are too many
     */
    synchronized EventStream open(Caller caller, boolean once) {
        if (stopped) {
            throw ServingFailure.Unavailable.shuttingDown();
        }
        if (streams.size() >= most) {
            throw ServingFailure.Overloaded.rateLimited("this server tells " + most + " pages at the same time what"
                    + " happens (modelyard.dashboard.max-streams), and that many are open", Duration.ofSeconds(30));
        }
        EventStream stream = new EventStream(caller, streams::remove);
        if (streams.isEmpty()) {
            states.look();
        }
        tell(stream, "hello", new Hello(replica, version(), clock.instant().getEpochSecond(),
                caller.types().isEmpty() ? past.columns() : Past.Columns.NONE));
        tell(stream, "registry", RegistryFigures.of(registry, caller, clock.instant()));
        tell(stream, "models", states.now(caller));
        tell(stream, "top", new Top(busy.top(caller)));
        tell(stream, "system", system.now());
        if (once) {
            stream.end();
        } else {
            streams.add(stream);
        }
        return stream;
    }

    /** How many are open. */
    int open() {
        return streams.size();
    }

    /** The server takes no more requests; a page that is told so finds another one, or this one when it is back. */
    @EventListener
    void leaving(ServerLeaving event) {
        stop();
    }

    @PreDestroy
    void stop() {
        ticking.cancel(false);
        List<EventStream> all;
        synchronized (this) {
            stopped = true;
            all = List.copyOf(streams);
        }
        all.forEach(EventStream::end);
    }

    /**
     * Looks at the server, and tells. Not a scheduled method: those ask for their bean at each turn, and one that comes while the
     * application is being closed makes it, and all that it stands on, anew.
     */
    synchronized void second() {
        tick++;
        if (tick % BUSY_EVERY == 0) {
            RegistrySnapshot snapshot = registry.current();
            traffic.keep(id -> snapshot.model(id).isPresent());
            busy.look(traffic.byModel());
        }
        List<ModelState> changed = streams.isEmpty() ? List.of() : states.look();
        Counts now = traffic.all().counts();
        long nanos = System.nanoTime();
        long length = Math.max(1, nanos - lastNanos);
        long t = clock.instant().getEpochSecond();
        Second second = Second.of(t, now.minus(last), length, streams.isEmpty() ? 0 : states.inFlight());
        past.add(second);
        last = now;
        lastNanos = nanos;
        String standing = registry.current().id() + registry.state().isFailing();
        boolean isNews = !standing.equals(lastStanding);
        lastStanding = standing;
        if (streams.isEmpty()) {
            lastOfTypes.clear();
        }
        for (var group : byTypes().entrySet()) {
            Caller caller = group.getValue().getFirst().caller();
            tellAll(group.getValue(), "sample",
                    caller.types().isEmpty() ? second : ofTypes(caller, t, length));
            ModelStates.News news = ModelStates.of(changed, caller);
            if (!news.models().isEmpty()) {
                tellAll(group.getValue(), "models", news);
            }
            if (isNews || tick % SYSTEM_EVERY == 0) {
                tellAll(group.getValue(), "registry", RegistryFigures.of(registry, caller, clock.instant()));
            }
            if (tick % BUSY_EVERY == 0) {
                tellAll(group.getValue(), "top", new Top(busy.top(caller)));
            }
        }
        if (tick % SYSTEM_EVERY == 0 && !streams.isEmpty()) {
            tellAll(List.copyOf(streams), "system", system.now());
        }
    }

    /** The same second for one who sees only some types. */
    private Second ofTypes(Caller caller, long t, long nanos) {
        Counts now = traffic.byModel().entrySet().stream().filter(entry -> caller.sees(entry.getKey().type()))
                .map(entry -> entry.getValue().counts()).reduce(Counts.NONE, Counts::plus);
        Counts before = Optional.ofNullable(lastOfTypes.put(caller.types(), now)).orElse(now);
        return Second.of(t, now.minus(before), nanos, 0);
    }

    private Map<Set<String>, List<EventStream>> byTypes() {
        Map<Set<String>, List<EventStream>> groups = new HashMap<>();
        streams.forEach(stream -> groups.merge(stream.caller().types(), List.of(stream), EventStreams::joined));
        return groups;
    }

    private static List<EventStream> joined(List<EventStream> some, List<EventStream> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private void tell(EventStream stream, String name, Object what) {
        stream.tell(name, written(what));
    }

    private void tellAll(Collection<EventStream> all, String name, Object what) {
        String text = written(what);
        Consumer<EventStream> tell = stream -> stream.tell(name, text);
        List.copyOf(all).forEach(tell);
    }

    private String written(Object what) {
        try {
            return json.writeValueAsString(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        return Optional.ofNullable(EventStreams.class.getPackage().getImplementationVersion()).orElse("development");
    }
}
