package io.modelyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.serving.RoomPlan.Action;
import io.modelyard.serving.RoomPlan.Resident;
import io.modelyard.serving.RoomPlan.Want;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every resident takes 10 bytes where nothing else is said, and there is room for 30. */
final class RoomPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final MemoryLimits LIMITS = limits(Integer.MAX_VALUE, null);
    private static final Want WANT = want("w", 10, NOW);

    @Test
    void whereThereIsRoomALoadIsAdmitted() {
        assertThat(next(List.of(idle("a", 3), idle("b", 2)), List.of(WANT))).contains(new Action.Admit(WANT));
        assertThat(next(List.of(), List.of(want("w", 30, NOW)))).contains(new Action.Admit(want("w", 30, NOW)));
    }

    @Test
    void loadsAreAdmittedInTheOrderInWhichTheyCame() {
        Want large = want("large", 25, NOW);
        List<Want> waiting = List.of(large, WANT);
        assertThat(next(List.of(idle("a", 1)), waiting)).contains(evict(idle("a", 1), large));
        assertThat(next(List.of(leaving("a")), waiting)).isEmpty();
        assertThat(next(List.of(), waiting)).contains(new Action.Admit(large));
    }

    @Test
    void theLeastRecentlyUsedLeaves() {
        assertThat(next(List.of(idle("a", 1), idle("b", 3), idle("c", 2)), List.of(WANT)))
                .contains(evict(idle("b", 3), WANT));
    }

    @Test
    void whatIsPinnedLeavesLast() {
        List<Resident> residents = List.of(idle("a", 1), idle("b", 3), idle("c", 2));
        assertThat(next(residents, List.of(WANT), LIMITS, "b", "c")).contains(evict(idle("a", 1), WANT));
        assertThat(next(residents, List.of(WANT), LIMITS, "a", "b", "c")).contains(evict(idle("b", 3), WANT));
    }

    @Test
    void whatIsInUseStaysWhileAnotherCanGo() {
        Resident busy = busy("a", 9);
        assertThat(next(List.of(busy, idle("b", 1), busy("c", 8)), List.of(WANT), LIMITS, "b"))
                .contains(evict(idle("b", 1), WANT));
    }

    @Test
    void whereAllAreInUseALoadWaitsForAMomentAndThenOneIsAskedToLeave() {
        List<Resident> residents = List.of(busy("a", 1), busy("b", 3), busy("c", 2));
        assertThat(next(residents, List.of(WANT))).isEmpty();
        Want patient = want("w", 10, NOW.minus(RoomPlan.PATIENCE));
        assertThat(next(residents, List.of(patient))).contains(evict(busy("b", 3), patient));
        assertThat(next(residents, List.of(patient), LIMITS, "b")).contains(evict(busy("c", 2), patient));
    }

    @Test
    void noMoreLeaveThanAreNeeded() {
        List<Resident> residents = List.of(leaving("a"), idle("b", 3), idle("c", 2));
        assertThat(next(residents, List.of(WANT))).isEmpty();
        Want large = want("w", 15, NOW);
        assertThat(next(residents, List.of(large))).contains(evict(idle("b", 3), large));
    }

    @Test
    void whatIsOnlyComingCannotLeave() {
        assertThat(next(List.of(loading("a"), loading("b"), loading("c")), List.of(want("w", 10, NOW.minusSeconds(5)))))
                .isEmpty();
    }

    @Test
    void theNumberOfModelsIsALimitToo() {
        MemoryLimits two = limits(2, null);
        assertThat(next(List.of(idle("a", 1)), List.of(WANT), two)).contains(new Action.Admit(WANT));
        assertThat(next(List.of(idle("a", 1), leaving("b")), List.of(WANT), two)).isEmpty();
        assertThat(next(List.of(idle("a", 1), idle("b", 2)), List.of(WANT), two))
                .contains(evict(idle("b", 2), WANT));
    }

    @Test
    void whatIsLargerThanAllTheRoomIsRefusedAtOnceWhoeverWaitsBeforeIt() {
        Want tooLarge = want("large", 31, NOW);
        Optional<Action> refused = next(List.of(busy("a", 1)), List.of(want("w", 25, NOW), tooLarge));
        assertThat(refused).containsInstanceOf(Action.Refuse.class);
        Action.Refuse refusal = (Action.Refuse) refused.orElseThrow();
        assertThat(refusal.want()).isEqualTo(tooLarge);
        assertThat(refusal.isTooLarge()).isTrue();
        assertThat(refusal.reason()).contains("31 bytes", "30", "modelyard.serving.max-memory");
    }

    @Test
    void aLoadIsRefusedWhenItHasWaitedTooLong() {
        List<Resident> residents = List.of(loading("a"), loading("b"), loading("c"));
        Want late = want("w", 10, NOW.minusSeconds(30));
        assertThat(next(residents, List.of(want("w", 10, NOW.minusSeconds(29))))).isEmpty();
        Action.Refuse refusal = (Action.Refuse) next(residents, List.of(late)).orElseThrow();
        assertThat(refusal.isTooLarge()).isFalse();
        assertThat(refusal.reason()).contains("30 s", "3 models take 30 of 30 bytes");
    }

    @Test
    void whereModelsTookMoreThanExpectedTheLeastRecentlyUsedLeaves() {
        List<Resident> residents = List.of(idle("a", 1), resident("b", true, false, 25, 0, 2));
        assertThat(next(residents, List.of())).contains(new Action.Evict(residents.get(1), EvictionCause.LIMIT,
                "models took more memory than was estimated, and more than is allowed"));
        assertThat(next(List.of(busy("a", 1), resident("b", true, false, 25, 1, 2)), List.of())).isEmpty();
        assertThat(next(List.of(idle("a", 1), resident("b", true, true, 25, 0, 2)), List.of())).isEmpty();
    }

    @Test
    void whatIsIdleForLongLeavesUnlessItIsPinnedOrInUse() {
        MemoryLimits idle = limits(Integer.MAX_VALUE, Duration.ofSeconds(60));
        List<Resident> residents = List.of(idle("a", 59), busy("b", 100), idle("c", 60));
        assertThat(next(residents, List.of(), idle))
                .contains(new Action.Evict(idle("c", 60), EvictionCause.IDLE, "not used for 60 s"));
        assertThat(next(residents, List.of(), idle, "c")).isEmpty();
        assertThat(next(residents, List.of())).isEmpty();
    }

    @Test
    void nothingIsToBeDoneWhereNobodyComesAndAllFit() {
        assertThat(next(List.of(), List.of())).isEmpty();
        assertThat(next(List.of(idle("a", 1), busy("b", 2), loading("c")), List.of())).isEmpty();
    }

    private static Optional<Action> next(List<Resident> residents, List<Want> waiting) {
        return next(residents, waiting, LIMITS);
    }

    private static Optional<Action> next(List<Resident> residents, List<Want> waiting, MemoryLimits limits,
            String... pinned) {
        Set<String> types = Set.of(pinned);
        return RoomPlan.next(residents, waiting, limits, model -> types.contains(model.id().type()), NOW);
    }

    private static MemoryLimits limits(int models, @Nullable Duration idle) {
        return new MemoryLimits(models, 30, Optional.ofNullable(idle), Duration.ofSeconds(30));
    }

    private static Action evict(Resident resident, Want want) {
        return new Action.Evict(resident, EvictionCause.ROOM, "made room for " + want.model().id());
    }

    private static Want want(String type, long bytes, Instant since) {
        return new Want(model(type), bytes, since);
    }

    private static Resident idle(String type, int secondsAgo) {
        return resident(type, true, false, 10, 0, secondsAgo);
    }

    private static Resident busy(String type, int secondsAgo) {
        return resident(type, true, false, 10, 1, secondsAgo);
    }

    private static Resident leaving(String type) {
        return resident(type, true, true, 10, 1, 0);
    }

    private static Resident loading(String type) {
        return resident(type, false, false, 10, 0, 0);
    }

    private static Resident resident(String type, boolean settled, boolean leaving, long bytes, int inFlight,
            int secondsAgo) {
        return new Resident(model(type), settled, leaving, bytes, inFlight, NOW.minusSeconds(secondsAgo));
    }

    private static Model model(String type) {
        return new Model(new Manifest(1, type, "1", "xgboost", null, List.of(), List.of(), List.of(), List.of(), null,
                null, true, Map.of(), null, null, null, null, Instant.EPOCH, null, Map.of()), type);
    }
}
