package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.artifact.Holdings.Version;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The laws of eviction, over any state that the cache can be in. */
final class EvictionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /** What is on disk, and which of it should be there for a restart. */
    record State(Holdings holdings, Set<String> kept) {}

    @Property(seed = "20261121")
    void whatIsInUseStaysWithAllThatItConsistsOf(@ForAll("states") State state, @ForAll boolean evenKept,
            @ForAll @LongRange(min = 1, max = 2000) long excess) {
        Eviction eviction = Eviction.of(state.holdings(), excess, state.kept(), evenKept);
        assertThat(eviction.versions()).noneMatch(state.holdings().inUse()::contains);
        assertThat(eviction.blobs()).noneMatch(state.holdings().claimed()::containsKey);
        assertThat(eviction.parts()).noneMatch(state.holdings().claimed()::containsKey);
        if (!evenKept) {
            assertThat(eviction.versions()).noneMatch(state.kept()::contains);
        }
    }

    @Property(seed = "20261121")
    void enoughIsGivenBackUnlessAllThatIsLeftHasToStay(@ForAll("states") State state, @ForAll boolean evenKept,
            @ForAll @LongRange(min = 1, max = 2000) long excess) {
        Eviction eviction = Eviction.of(state.holdings(), excess, state.kept(), evenKept);
        Holdings after = after(state.holdings(), eviction);
        assertThat(state.holdings().bytes() - after.bytes()).isEqualTo(eviction.bytes());
        if (eviction.bytes() < excess) {
            assertThat(after.versions()).allMatch(version -> state.holdings().inUse().contains(version.digest())
                    || (!evenKept && state.kept().contains(version.digest())));
            assertThat(orphans(after)).isEmpty();
            assertThat(after.claimed().keySet()).containsAll(after.parts().keySet());
        }
    }

    @Property(seed = "20261121")
    void noVersionLosesABlobAndNoneIsLeftWithoutAVersion(@ForAll("states") State state,
            @ForAll @LongRange(min = 1, max = 2000) long excess) {
        Eviction eviction = Eviction.of(state.holdings(), excess, state.kept(), true);
        Holdings after = after(state.holdings(), eviction);
        after.versions().forEach(version -> assertThat(eviction.blobs()).noneMatch(version.blobs()::contains));
        if (!eviction.versions().isEmpty()) {
            assertThat(orphans(after)).isEmpty();
        }
    }

    @Property(seed = "20261121")
    void theLeastRecentlyUsedGoFirstAndWhatIsKeptLast(@ForAll("states") State state,
            @ForAll @LongRange(min = 1, max = 2000) long excess) {
        Eviction eviction = Eviction.of(state.holdings(), excess, state.kept(), true);
        Set<String> left = new HashSet<>(eviction.blobs());
        for (Version gone : state.holdings().versions()) {
            for (Version stays : state.holdings().versions()) {
                boolean older = state.kept().contains(stays.digest()) == state.kept().contains(gone.digest())
                        ? stays.lastUse().isBefore(gone.lastUse())
                        : state.kept().contains(gone.digest());
                if (older && eviction.versions().contains(gone.digest())
                        && !eviction.versions().contains(stays.digest())) {
                    // It stays for a reason: it is in use, or would have given nothing back.
                    assertThat(state.holdings().inUse().contains(stays.digest())
                            || (stays.copies() == 0 && stays.blobs().stream().noneMatch(left::contains))).isTrue();
                }
            }
        }
    }

    @Property(seed = "20261121")
    void nothingGoesWhereNothingIsTooMuch(@ForAll("states") State state) {
        assertThat(Eviction.of(state.holdings(), 0, state.kept(), true).isEmpty()).isTrue();
    }

    @Test
    void nothingMoreGoesThanIsNeeded() {
        Holdings holdings = new Holdings(Map.of("a", 10L, "b", 10L, "c", 10L), Map.of(),
                List.of(version("1", 1, "a"), version("2", 2, "b"), version("3", 3, "c")), Map.of(), Set.of());
        Eviction eviction = Eviction.of(holdings, 15, Set.of("1"), false);
        assertThat(eviction.versions()).containsExactly("2", "3");
        assertThat(Eviction.of(holdings, 5, Set.of(), false).versions()).containsExactly("1");
    }

    @Test
    void aVersionWhoseFilesOthersShareAllStays() {
        Holdings holdings = new Holdings(Map.of("a", 10L, "b", 10L), Map.of(),
                List.of(version("1", 1, "a"), version("2", 2, "b"), version("3", 3, "a")), Map.of(), Set.of());
        assertThat(Eviction.of(holdings, 5, Set.of(), false).versions()).containsExactly("2");
    }

    private static Version version(String digest, int minute, String... blobs) {
        return new Version(digest, Set.of(blobs), 0, NOW.plusSeconds(60L * minute));
    }

    @Provide
    static Arbitrary<State> states() {
        Arbitrary<String> blob = Arbitraries.of("a", "b", "c", "d", "e", "f", "g", "h");
        Arbitrary<Version> version = Combinators.combine(blob.set().ofMinSize(1).ofMaxSize(4),
                Arbitraries.longs().between(0, 1), Arbitraries.integers().between(0, 20))
                .as((blobs, copies, minute) -> new Version("", blobs, copies * 50, NOW.plusSeconds(minute)));
        Arbitrary<List<Version>> versions = version.list().ofMaxSize(7).map(EvictionTest::named);
        Arbitrary<Map<String, Long>> extra = Arbitraries.maps(blob, Arbitraries.longs().between(1, 300)).ofMaxSize(4);
        Arbitrary<Set<Integer>> some = Arbitraries.integers().between(0, 6).set().ofMaxSize(4);
        return Combinators.combine(versions, extra, extra, some, some).as(EvictionTest::state);
    }

    private static List<Version> named(List<Version> versions) {
        List<Version> named = new ArrayList<>();
        versions.forEach(version -> named.add(new Version("v" + named.size(), version.blobs(), version.copies(),
                version.lastUse())));
        return named;
    }

    private static State state(List<Version> versions, Map<String, Long> orphans, Map<String, Long> broken,
            Set<Integer> used, Set<Integer> keep) {
        Map<String, Long> blobs = new HashMap<>(orphans);
        versions.forEach(
                version -> version.blobs().forEach(blob -> blobs.putIfAbsent(blob, 7L + blob.hashCode() % 99)));
        Map<String, Long> parts = new HashMap<>(broken);
        parts.keySet().removeAll(blobs.keySet());
        Set<String> inUse = used.stream().map(i -> "v" + i).collect(Collectors.toSet());
        Map<String, Long> claimed = new HashMap<>();
        versions.stream().filter(version -> inUse.contains(version.digest()))
                .forEach(version -> version.blobs().forEach(blob -> claimed.put(blob, blobs.get(blob))));
        return new State(new Holdings(blobs, parts, versions, claimed, inUse),
                keep.stream().map(i -> "v" + i).collect(Collectors.toSet()));
    }

    private static Holdings after(Holdings before, Eviction eviction) {
        Map<String, Long> blobs = new HashMap<>(before.blobs());
        blobs.keySet().removeAll(eviction.blobs());
        Map<String, Long> parts = new HashMap<>(before.parts());
        parts.keySet().removeAll(eviction.parts());
        return new Holdings(blobs, parts, before.versions().stream()
                .filter(version -> !eviction.versions().contains(version.digest())).toList(), before.claimed(),
                before.inUse());
    }

    private static Set<String> orphans(Holdings holdings) {
        Set<String> orphans = new HashSet<>(holdings.blobs().keySet());
        holdings.versions().forEach(version -> orphans.removeAll(version.blobs()));
        orphans.removeAll(holdings.claimed().keySet());
        return orphans;
    }
}
