package io.modelyard.serving;

import io.modelyard.model.Model;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who comes into memory next, and who leaves it. Pure: from who is there and who waits to at most one action; doing it and
 * asking again comes to rest. The limits are kept by those who are admitted together with those who are still leaving.
 *
 * <p>Loads are admitted in the order in which they came, so that a large one is not overtaken for ever. For the first of
 * them leaves who was not used for the longest time: of those that nobody uses the ones that are not pinned, then the pinned
 * ones (a registry may have more active types than memory), and only when nobody has become free for a moment those that are
 * in use. Who leaves first answers what it was asked.
 */
final class RoomPlan {
    /** How long a load waits for somebody to become free before it asks one that is in use to leave. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private RoomPlan() {}

    /**
     * Somebody with a place in memory.
     *
     * @param settled whether it is ready and those who waited for it have it
     */
    record Resident(Model model, boolean settled, boolean leaving, long bytes, int inFlight, Instant lastUse) {}

    /** A load that waits for a place. */
    record Want(Model model, long bytes, Instant since) {}

    /** One step. */
    sealed interface Action {
        /** Let the load go on: there is room for it. */
        record Admit(Want want) implements Action {}

        /** Let the load fail. */
        record Refuse(Want want, String reason, boolean isTooLarge) implements Action {}

        /** Let the model go when those who use it have their answers. */
        record Evict(Resident resident, EvictionCause cause, String why) implements Action {}
    }

    static Optional<Action> next(List<Resident> residents, List<Want> waiting, MemoryLimits limits,
            Predicate<Model> pinned, Instant now) {
        Optional<Action> refusal = waiting.stream().flatMap(want -> refusal(want, residents, limits, now).stream())
                .findFirst();
        if (refusal.isPresent()) {
            return refusal;
        }
        return waiting.isEmpty()
                ? withoutNeed(residents, limits, pinned, now)
                : forTheFirst(waiting.getFirst(), residents, limits, pinned, now);
    }

    /** Whether a load of so many bytes would be admitted without anybody having to leave. */
    static boolean fits(long bytes, List<Resident> residents, MemoryLimits limits) {
        return residents.size() < limits.models() && bytes <= limits.bytes() - sum(residents.stream());
    }

    private static Optional<Action> refusal(Want want, List<Resident> residents, MemoryLimits limits, Instant now) {
        if (want.bytes() > limits.bytes()) {
            return Optional.of(new Action.Refuse(want, "it needs some " + want.bytes()
                    + " bytes of memory, and all models together may take " + limits.bytes()
                    + ": raise modelyard.serving.max-memory, give the machine more, or publish a smaller model", true));
        }
        if (!now.isBefore(want.since().plus(limits.roomWait()))) {
            return Optional.of(new Action.Refuse(want, "it needs some " + want.bytes() + " bytes of memory, and for "
                    + limits.roomWait().toSeconds() + " s there was no room: " + residents.size()
                    + " models take " + sum(residents.stream()) + " of " + limits.bytes() + " bytes"
                    + (limits.models() == Integer.MAX_VALUE ? "" : " and of " + limits.models() + " places")
                    + ", and all of them are in use; ask again, or raise modelyard.serving.max-memory"
                    + " or max-models-in-memory", false));
        }
        return Optional.empty();
    }

    private static Optional<Action> forTheFirst(Want want, List<Resident> residents, MemoryLimits limits,
            Predicate<Model> pinned, Instant now) {
        if (fits(want.bytes(), residents, limits)) {
            return Optional.of(new Action.Admit(want));
        }
        if (fits(want.bytes(), staying(residents), limits)) {
            return Optional.empty();
        }
        boolean impatient = !now.isBefore(want.since().plus(PATIENCE));
        return leastUsed(residents, pinned, resident -> resident.inFlight() == 0)
                .or(() -> impatient ? leastUsed(residents, pinned, resident -> true) : Optional.empty())
                .map(resident -> new Action.Evict(resident, EvictionCause.ROOM, "made room for " + want.model().id()));
    }

    private static Optional<Action> withoutNeed(List<Resident> residents, MemoryLimits limits,
            Predicate<Model> pinned, Instant now) {
        List<Resident> staying = staying(residents);
        if (staying.size() > limits.models() || sum(staying.stream()) > limits.bytes()) {
            Optional<Resident> least = leastUsed(residents, pinned, resident -> resident.inFlight() == 0);
            if (least.isPresent()) {
                return least.map(resident -> new Action.Evict(resident, EvictionCause.LIMIT,
                        "models took more memory than was estimated, and more than is allowed"));
            }
        }
        return limits.idleUnloadAfter().flatMap(time -> residents.stream()
                .filter(resident -> resident.settled() && !resident.leaving() && resident.inFlight() == 0)
                .filter(resident -> !now.isBefore(resident.lastUse().plus(time)))
                .filter(resident -> !pinned.test(resident.model())).findFirst()
                .map(resident -> new Action.Evict(resident, EvictionCause.IDLE,
                        "not used for " + time.toSeconds() + " s")));
    }

    /** Least recently used first, and pinned ones last. */
    private static Optional<Resident> leastUsed(List<Resident> residents, Predicate<Model> pinned,
            Predicate<Resident> may) {
        List<Resident> candidates = residents.stream()
                .filter(resident -> resident.settled() && !resident.leaving()).filter(may)
                .sorted(Comparator.comparing(Resident::lastUse)).toList();
        return candidates.stream().filter(resident -> !pinned.test(resident.model())).findFirst()
                .or(() -> candidates.stream().findFirst());
    }

    private static List<Resident> staying(List<Resident> residents) {
        return residents.stream().filter(resident -> !resident.leaving()).toList();
    }

    private static long sum(Stream<Resident> residents) {
        return residents.mapToLong(Resident::bytes).sum();
    }
}
