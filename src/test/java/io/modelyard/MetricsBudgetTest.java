package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** However many models are in use, there are series of a few. */
final class MetricsBudgetTest {
    private static final String REQUESTS = "modelyard_prediction_requests_total";
    private static final int MODELS = 10;
    private static final int PLACES = 3;
    /** Of our own, with labels of one model that is used in the ordinary way. */
    private static final int SERIES_OF_A_MODEL = 100;

    private final TestServer server = TestServer.prepare().spec(GatedRuntime.SPEC)
            .with("metrics-budget-clock", true).with("modelyard.metrics.max-models", PLACES).start();
    private final SettableClock clock = server.bean(SettableClock.class);

    @Factory
    @Requires(property = "metrics-budget-clock")
    static final class Clocks {
        @Singleton
        @Replaces(Clock.class)
        SettableClock clock() {
            return new SettableClock(Instant.now());
        }
    }

    @BeforeEach
    void use() {
        for (int i = 0; i < MODELS; i++) {
            GatedRuntime.publish(server.store(), "t" + i);
        }
        server.post("/registry/sync", "");
        for (int i = 0; i < MODELS; i++) {
            ask("t" + i, i + 1);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void ask(String type, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(server.post("/predict/" + type, "{\"inputs\": [[" + i + "]]}").status()).isEqualTo(200);
        }
    }

    private Set<String> owners(Scraped scraped) {
        Set<String> types = new TreeSet<>(scraped.values("type"));
        types.remove("other");
        return types;
    }

    @Test
    void fewHaveSeriesOfTheirOwnAndTheTotalsAreRight() {
        Scraped scraped = Scraped.of(server);
        assertThat(owners(scraped)).hasSize(PLACES);
        assertThat(scraped.sum(REQUESTS)).isEqualTo(MODELS * (MODELS + 1) / 2.0);
        assertThat(scraped.sum("modelyard_prediction_seconds_count")).isEqualTo(scraped.sum(REQUESTS));
        assertThat(scraped.sum("modelyard_servable_memory_bytes"))
                .isEqualTo(scraped.sum("modelyard_serving_memory_bytes"));
        for (String type : owners(scraped)) {
            assertThat(scraped.all().stream().filter(each -> type.equals(each.labels().get("type"))).count())
                    .describedAs(type).isLessThanOrEqualTo(SERIES_OF_A_MODEL);
        }
        assertThat(scraped.sum("modelyard_metrics_models")).isEqualTo(PLACES);
    }

    @Test
    void whoeverBecomesBusierGetsAPlace() {
        Set<String> before = owners(Scraped.of(server));
        String chosen = IntStream.range(0, MODELS).mapToObj(i -> "t" + i).filter(type -> !before.contains(type))
                .findFirst().orElseThrow();
        Eventually.isTrue(chosen + " has series", () -> {
            ask(chosen, 20);
            clock.advance(Duration.ofSeconds(31));
            return owners(Scraped.of(server)).contains(chosen);
        });
        // By series, because places change hands while a scrape is put together.
        Map<String, Set<String>> owners = Scraped.of(server).all().stream()
                .filter(series -> series.labels().containsKey("type") && !series.labels().get("type").equals("other"))
                .collect(Collectors.groupingBy(Scraped.Series::name,
                        Collectors.mapping(series -> series.labels().get("type"), Collectors.toSet())));
        assertThat(owners.values()).isNotEmpty()
                .allSatisfy(types -> assertThat(types).hasSizeLessThanOrEqualTo(PLACES));
    }

    @Test
    void seriesOfAVersionEndWhenItIsUnloaded() {
        String type = owners(Scraped.of(server)).iterator().next();
        double total = Scraped.of(server).sum(REQUESTS);
        double own = Scraped.of(server).sum(REQUESTS, "type", type);
        server.post("/models/" + type + "/1/unload", "");
        Eventually.isTrue("they end", () -> {
            clock.advance(Duration.ofSeconds(10));
            return !owners(Scraped.of(server)).contains(type);
        });
        assertThat(Scraped.of(server).sum(REQUESTS)).isEqualTo(total - own);
        assertThat(server.as(server.adminKey())
                .send(server.as(server.adminKey()).request("/metrics").header("Accept", "application/json").GET())
                .json().path("total_requests").asDouble()).isEqualTo(total);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.metrics.max-models", 0).start().close())
                .hasStackTraceContaining("modelyard.metrics.max-models is 0; it must be from 1 to 10000");
    }
}
