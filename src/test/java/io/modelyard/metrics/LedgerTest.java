package io.modelyard.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** How tallies share few places, as one sees it who scrapes. */
final class LedgerTest {
    private static final Layout LAYOUT = new Layout(List.of(Scale.ROWS), 1);
    private static final String OTHERS = "(others)";

    private final Ledger<String, Tally> ledger = new Ledger<>(LAYOUT, 3, "taken"::equals, () -> new Tally(LAYOUT));
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private Set<String> needed = Set.of();
    private final Map<String, Long> last = new HashMap<>();
    /** What rates make of it: an increase between two scrapes counts, what a series begins with does not. */
    private long increase;

    private void ask(String key, int times) {
        for (int i = 0; i < times; i++) {
            ledger.tally(key).answered();
        }
    }

    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            ledger.round(now, needed);
        }
    }

    private Map<String, Long> series() {
        Map<String, Long> series = new HashMap<>();
        ledger.own(now).forEach((key, counts) -> series.put(key, counts.requests()));
        ledger.others().ifPresent(counts -> series.put(OTHERS, counts.requests()));
        return series;
    }

    private Map<String, Long> scrape() {
        Map<String, Long> series = series();
        series.forEach((key, value) -> {
            Long before = last.get(key);
            if (before != null) {
                assertThat(value).describedAs(key).isGreaterThanOrEqualTo(before);
                increase += value - before;
            }
        });
        last.clear();
        last.putAll(series);
        return series;
    }

    @Test
    void hasAPlaceForEachWhileThereAreSome() {
        ask("a", 1);
        ask("b", 2);
        assertThat(series()).isEqualTo(Map.of("a", 1L, "b", 2L));
        ask("c", 3);
        ask("a", 1);
        assertThat(series()).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 3L, OTHERS, 0L));
    }

    @Test
    void countsWhatHasNoPlaceTogether() {
        ask("a", 1);
        ask("b", 1);
        ask("c", 1);
        series();
        ask("d", 4);
        ask("e", 5);
        assertThat(series()).isEqualTo(Map.of("a", 1L, "b", 1L, "c", 1L, OTHERS, 9L));
    }

    @Test
    void namesThatMeanSomethingElseHaveNoPlace() {
        ask("taken", 4);
        assertThat(series()).isEqualTo(Map.of(OTHERS, 4L));
    }

    @Test
    void thePlaceOfTheLeastBusyGoesToAClearlyBusierOne() {
        needed = Set.of("a", "b", "c", "d");
        ask("a", 30);
        ask("b", 10);
        ask("c", 30);
        series();
        for (int i = 0; i < 4; i++) {
            ask("a", 30);
            ask("b", 10);
            ask("c", 30);
            ask("d", 30);
            seconds(60);
        }
        assertThat(series()).containsOnlyKeys("a", "c", "d", OTHERS);
    }

    @Test
    void twoThatAreAlikeDoNotTakeTurns() {
        needed = Set.of("a", "b", "c", "d");
        List.of("a", "b", "c").forEach(key -> ask(key, 10));
        series();
        for (int i = 0; i < 20; i++) {
            for (String key : List.of("a", "b", "c", "d")) {
                ask(key, key.equals("d") ? 15 : 10);
            }
            seconds(30);
            assertThat(ledger.owners(now)).containsOnly("a", "b", "c");
        }
    }

    @Test
    void noRateLiesWhoeverComesAndGoes() {
        Random random = new Random(7);
        List<String> keys = IntStream.range(0, 12).mapToObj(i -> "k" + i).toList();
        needed = new HashSet<>(keys);
        keys.forEach(key -> ask(key, 1));
        scrape();
        increase = 0;
        Set<Set<String>> owners = new HashSet<>();
        long asked = 0;
        for (int i = 0; i < 400; i++) {
            // Who is busy changes every ten minutes.
            int busy = i / 40;
            for (int k = 0; k < keys.size(); k++) {
                int times = random.nextInt((k + busy) % 12 < 3 ? 40 : 3);
                ask(keys.get(k), times);
                asked += times;
            }
            seconds(15);
            Map<String, Long> series = scrape();
            assertThat(series).hasSizeLessThanOrEqualTo(4);
            owners.add(Set.copyOf(ledger.owners(now)));
        }
        assertThat(increase).isEqualTo(asked);
        assertThat(ledger.total().requests()).isEqualTo(asked + 12);
        assertThat(owners).describedAs("places changed hands").hasSizeGreaterThan(5);
    }

    @Test
    void noRateLiesForOneWhoScrapesOnceAMinute() {
        List<String> keys = List.of("a", "b", "c", "d", "e");
        needed = new HashSet<>(keys);
        keys.forEach(key -> ask(key, 1));
        scrape();
        increase = 0;
        for (int i = 0; i < 60; i++) {
            ask(keys.get(i / 10 % 5), 100);
            seconds(60);
            scrape();
        }
        assertThat(increase).isEqualTo(6_000);
    }

    @Test
    void seriesEndAMinuteAfterTheirModelIsGoneAndAreKeptInTheTotal() {
        needed = Set.of("a");
        ask("a", 5);
        seconds(600);
        assertThat(series()).isEqualTo(Map.of("a", 5L));
        needed = Set.of();
        seconds(59);
        assertThat(series()).isEqualTo(Map.of("a", 5L));
        seconds(2);
        assertThat(series()).isEmpty();
        assertThat(ledger.tallies()).isEmpty();
        assertThat(ledger.total().requests()).isEqualTo(5);
    }

    @Test
    void aModelThatIsAskedForKeepsItsSeries() {
        for (int i = 0; i < 10; i++) {
            ask("a", 1);
            seconds(30);
        }
        assertThat(series()).isEqualTo(Map.of("a", 10L));
    }

    @Test
    void aPlaceThatIsLeftGoesToOneOfTheOthers() {
        needed = Set.of("a", "b", "d");
        ask("a", 10);
        ask("b", 10);
        ask("c", 1);
        series();
        ask("d", 7);
        seconds(1);
        assertThat(series()).isEqualTo(Map.of("a", 10L, "b", 10L, "c", 1L, OTHERS, 7L));
        seconds(61);
        assertThat(series()).describedAs("d begins with 0").isEqualTo(Map.of("a", 10L, "b", 10L, "d", 0L, OTHERS, 7L));
        seconds(61);
        ask("d", 2);
        assertThat(series()).isEqualTo(Map.of("a", 10L, "b", 10L, "d", 2L, OTHERS, 7L));
    }

    @Test
    void whatIsInMemoryHasSeriesThoughNobodyAskedForIt() {
        needed = Set.of("a", "b", "c", "d");
        seconds(1);
        assertThat(ledger.owners(now)).hasSize(3);
        assertThat(ledger.tallies()).describedAs("nothing is kept for whom there is no place").hasSize(3);
    }

    @Test
    void histogramsMoveAsRequestsDo() {
        needed = Set.of("a", "b", "c", "d");
        List.of("a", "b", "c").forEach(key -> ask(key, 1));
        series();
        ledger.tally("d").record(0, 3);
        ledger.tally("d").record(0, 500);
        ledger.tally("d").add(0, 9);
        ask("d", 500);
        seconds(200);
        assertThat(ledger.owners(now)).contains("d");
        ledger.tally("d").record(0, 4);
        Counts own = Objects.requireNonNull(ledger.own(now).get("d"));
        assertThat(own.buckets(0)).containsExactly(0, 0, 1, 0, 0, 0, 0, 0, 0);
        assertThat(own.sum(0)).isEqualTo(4);
        Counts others = ledger.others().orElseThrow();
        assertThat(others.buckets(0)).containsExactly(0, 0, 1, 0, 0, 0, 0, 0, 1);
        assertThat(others.sum(0)).isEqualTo(503);
        assertThat(others.single(0)).isEqualTo(9);
    }

    @Test
    void nothingIsLostThatManyCountWhilePlacesChange() throws InterruptedException, ExecutionException {
        int threads = 4;
        int each = 50_000;
        Set<String> keys = Set.copyOf(IntStream.range(0, 8).mapToObj(i -> "k" + i).toList());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = IntStream.range(0, threads).<Future<?>>mapToObj(thread -> pool.submit(() -> {
                Random random = new Random(thread);
                for (int i = 0; i < each; i++) {
                    ledger.tally("k" + random.nextInt(8)).answered();
                }
            })).toList();
            while (all.stream().anyMatch(future -> !future.isDone())) {
                now = now.plus(Duration.ofSeconds(20));
                ledger.round(now, keys);
                series();
            }
            for (Future<?> future : all) {
                future.get();
            }
        }
        assertThat(ledger.total().requests()).isEqualTo((long) threads * each);
    }
}
