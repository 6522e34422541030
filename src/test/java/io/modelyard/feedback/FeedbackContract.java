package io.modelyard.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Feedback for many predictions, as applications send it, gives the metrics that are computed directly. */
@Timeout(120)
abstract class FeedbackContract {
    private static final int PREDICTIONS = 10_000;
    private static final int ITEMS = 2_500;
    private static final Instant TRUE_AT = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path scratch;

    private final Random random = new Random(42);

    /** Where the feedback is kept. */
    abstract Map<String, Object> properties();

    /** What was predicted, and what became of it. */
    private static final class Case {
        final String type;
        final String version;
        final double[] told;
        int truth;
        double number;
        @Nullable
        String id;

        Case(String type, String version, double... told) {
            this.type = type;
            this.version = version;
            this.told = told;
        }
    }

    @Test
    void feedbackForTenThousandPredictionsGivesTheMetricsOfADirectComputation() {
        try (FeedbackHouse house = new FeedbackHouse(scratch, properties())) {
            List<Case> cases = new ArrayList<>();
            for (int i = 0; i < PREDICTIONS; i++) {
                cases.add(made(i));
            }
            predict(house.server(), cases);
            List<String> items = new ArrayList<>();
            for (Case each : cases) {
                addItems(each, items);
            }
            Collections.shuffle(items, random);
            for (int from = 0; from < items.size(); from += ITEMS) {
                send(house.server(), items.subList(from, Math.min(items.size(), from + ITEMS)));
            }
            Instant since = Instant.now().minus(Duration.ofHours(1));
            Eventually.isTrue("all of it is known", Duration.ofSeconds(30), () -> house.metrics().groups(since).stream()
                    .mapToLong(group -> group.sums().rows()).sum() == PREDICTIONS);
            for (String version : List.of("1", "2")) {
                demandClassMetrics(house, version, cases, since);
            }
            demandErrorsAndRewards(house, cases, since);
            demandShown(house);
        }
    }

    private Case made(int i) {
        if (i % 5 < 3) {
            float first = random.nextFloat();
            float second = random.nextFloat() * (1 - first);
            Case each = new Case("species", i % 5 == 0 ? "2" : "1", first, second, 1 - first - second);
            each.truth = random.nextInt(4) > 0 ? best(each.told) : random.nextInt(3);
            return each;
        }
        Case each = new Case(i % 5 == 3 ? "price" : "pair", "1", i % 5 == 3
                ? new double[]{random.nextFloat() * 100}
                : new double[]{random.nextFloat(), random.nextFloat()});
        each.number = random.nextFloat() * 100;
        return each;
    }

    private static void predict(TestServer server, List<Case> cases) {
        ObjectNode body = FeedbackHouse.JSON.createObjectNode();
        var items = body.putArray("items");
        for (Case each : cases) {
            var inputs = items.addObject().put("model_type", each.type).put("model_version", each.version)
                    .putArray("inputs").addArray();
            for (double value : each.told) {
                inputs.add((float) value);
            }
        }
        TestServer.Answer answer = server.post("/batch-predict", body.toString());
        assertThat(answer.status()).isEqualTo(200);
        JsonNode results = answer.json().get("results");
        for (int i = 0; i < cases.size(); i++) {
            Case each = cases.get(i);
            assertThat(results.get(i).has("prediction_id")).as("%s", results.get(i)).isTrue();
            each.id = results.get(i).get("prediction_id").textValue();
            JsonNode told = results.get(i).at("/predictions/0");
            JsonNode values = told.has("probabilities") ? told.get("probabilities") : told;
            for (int k = 0; k < each.told.length; k++) {
                // As it was told: float32.
                each.told[k] = values.isArray() ? values.get(k).doubleValue() : values.doubleValue();
            }
        }
    }

    /** The truth up to three times, and before and behind it what was observed earlier and is not true any more. */
    private void addItems(Case each, List<String> items) {
        for (int times = random.nextInt(3); times >= 0; times--) {
            items.add(item(each, each.truth, each.number, TRUE_AT));
        }
        if (random.nextInt(3) == 0) {
            items.add(item(each, (each.truth + 1) % 3, each.number + 1, TRUE_AT.minusSeconds(1)));
        }
    }

    private static String item(Case each, int truth, double number, Instant at) {
        ObjectNode item = FeedbackHouse.JSON.createObjectNode().put("prediction_id", each.id).put("observed_at",
                at.toString());
        switch (each.type) {
            case "species" -> item.put("row", 0).put("outcome", FeedbackHouse.SPECIES.get(truth));
            case "price" -> item.putArray("outcomes").add(number);
            default -> item.put("reward", number);
        }
        return item.toString();
    }

    private void send(TestServer server, List<String> items) {
        TestServer.Answer answer = random.nextBoolean()
                ? server.post("/feedback", "{\"items\": [" + String.join(",", items) + "]}")
                : server.as(server.adminKey()).send("POST", "/feedback", "application/x-ndjson",
                        BodyPublishers.ofString(items.stream().collect(Collectors.joining("\n"))));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("failed").intValue()).as(answer.text()).isZero();
        assertThat(answer.json().get("results")).hasSameSizeAs(items);
    }

    private static void demandClassMetrics(FeedbackHouse house, String version, List<Case> cases, Instant since) {
        List<Case> mine = cases.stream().filter(each -> each.type.equals("species") && each.version.equals(version))
                .toList();
        double correct = mine.stream().filter(each -> best(each.told) == each.truth).count();
        double loss = mine.stream().mapToDouble(each -> -Math
                .log(Math.min(1 - Math.ulp(1.0), Math.max(Math.ulp(1.0), each.told[each.truth])))).sum();
        FeedbackSums sums = house.metrics().byVersion("species", since).getOrDefault(version, FeedbackSums.NONE);
        assertThat(sums.rows()).isEqualTo(mine.size());
        assertThat(sums.unscored()).isZero();
        assertThat(sums.accuracy().orElseThrow()).isEqualTo(correct / mine.size());
        assertThat(sums.meanLogLoss().orElseThrow()).isCloseTo(loss / mine.size(), within(1e-12 * mine.size()));
    }

    private static void demandErrorsAndRewards(FeedbackHouse house, List<Case> cases, Instant since) {
        List<Case> prices = cases.stream().filter(each -> each.type.equals("price")).toList();
        double squares = prices.stream().mapToDouble(each -> Math.pow(each.told[0] - each.number, 2)).sum();
        double absolutes = prices.stream().mapToDouble(each -> Math.abs(each.told[0] - each.number)).sum();
        FeedbackSums price = house.metrics().byVersion("price", since).getOrDefault("1", FeedbackSums.NONE);
        assertThat(price.rmse().orElseThrow()).isCloseTo(Math.sqrt(squares / prices.size()), within(1e-9));
        assertThat(price.meanAbsoluteError().orElseThrow()).isCloseTo(absolutes / prices.size(), within(1e-9));
        assertThat(price.accuracy()).isEmpty();
        double rewards = cases.stream().filter(each -> each.type.equals("pair")).mapToDouble(each -> each.number)
                .sum();
        FeedbackSums pair = house.metrics().byVersion("pair", since).getOrDefault("1", FeedbackSums.NONE);
        assertThat(pair.rewards()).isEqualTo(PREDICTIONS / 5);
        assertThat(pair.meanReward().orElseThrow()).isCloseTo(rewards / pair.rewards(), within(1e-9));
    }

    /** With the version, and in the metrics. */
    private static void demandShown(FeedbackHouse house) {
        FeedbackSums sums = house.metrics().byVersion("species", Instant.EPOCH).getOrDefault("1", FeedbackSums.NONE);
        Eventually.isTrue("the version shows it", () -> {
            JsonNode hour = house.server().get("/models/species/1").json().at("/metrics/feedback/1h");
            return hour.path("rows").longValue() == sums.rows()
                    && hour.path("accuracy").doubleValue() == sums.accuracy().orElseThrow();
        });
        Eventually.isTrue("the metrics show it", () -> house.server().get("/metrics").text().lines()
                .anyMatch(line -> line.startsWith("modelyard_feedback_accuracy{") && line.contains("version=\"1\"")
                        && line.contains("window=\"1h\"") && line.contains("type=\"species\"")
                        && line.endsWith(" " + sums.accuracy().orElseThrow())));
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
