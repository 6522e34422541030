package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Objects;

/** What clients see of a server that is told to stop. */
final class GracefulStopTest {
    private @Nullable TestServer server;
    private @Nullable Thread stopping;

    @AfterEach
    void join() throws InterruptedException {
        if (stopping != null) {
            stopping.join();
        } else if (server != null) {
            server.close();
        }
    }

    @Test
    void whatWasTakenIsAnsweredAndItsConnectionClosed() {
        PatienceController routes = start("0s", "30s");
        RawExchange exchange = connect().send(get("/patience/taken"));
        Eventually.isTrue("it arrives", () -> routes.has("taken"));
        stop();
        awaitPhase(InFlight.Phase.REFUSING);
        routes.waiting("taken").answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void whatComesLaterIsRefused() {
        PatienceController routes = start("0s", "30s");
        RawExchange taken = connect().send(get("/patience/taken"));
        RawExchange open = connect().send(get("/health/liveness"));
        assertThat(open.answer()).startsWith("HTTP/1.1 200");
        Eventually.isTrue("it arrives", () -> routes.has("taken"));
        stop();
        awaitPhase(InFlight.Phase.REFUSING);
        for (RawExchange exchange : new RawExchange[]{open, connect()}) {
            assertThat(exchange.send(get("/patience/late")).answer()).startsWith("HTTP/1.1 503")
                    .contains("shutting_down").containsIgnoringCase("connection: close");
            assertThat(exchange.ends()).isTrue();
        }
        assertThat(connect().send(get("/health/liveness")).answer()).startsWith("HTTP/1.1 200");
        routes.waiting("taken").answer().complete("{}");
        assertThat(taken.answer()).startsWith("HTTP/1.1 200");
        assertThat(routes.has("late")).isFalse();
    }

    @Test
    void readinessGoesDownBeforeRequestsAreRefused() {
        PatienceController routes = start("10s", "30s");
        assertThat(connect().send(get("/health/readiness")).answer()).startsWith("HTTP/1.1 200");
        stop();
        awaitPhase(InFlight.Phase.LEAVING);
        assertThat(connect().send(get("/health/readiness")).answer()).startsWith("HTTP/1.1 503");
        assertThat(connect().send(get("/health/liveness")).answer()).startsWith("HTTP/1.1 200");
        RawExchange exchange = connect().send(get("/patience/meanwhile"));
        Eventually.isTrue("it is taken", () -> routes.has("meanwhile"));
        routes.waiting("meanwhile").answer().complete("{}");
        assertThat(exchange.answer()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        Objects.requireNonNull(stopping).interrupt();
    }

    @Test
    void severalRequestsInARowAreAllAnsweredBeforeTheConnectionCloses() {
        PatienceController routes = start("0s", "30s");
        RawExchange exchange = connect().send(get("/patience/one") + get("/patience/two"));
        Eventually.isTrue("both arrive", () -> routes.has("one") && routes.has("two"));
        stop();
        awaitPhase(InFlight.Phase.REFUSING);
        routes.waiting("one").answer().complete("{\"one\": 1}");
        routes.waiting("two").answer().complete("{\"two\": 2}");
        assertThat(exchange.answers(2)).contains("one", "two");
        assertThat(exchange.ends()).isTrue();
    }

    @Test
    void anAnswerThatIsBeingReadIsFinished() {
        start("0s", "30s");
        RawExchange exchange = connect().send(get("/patience/answer/30000000"));
        String begun = exchange.head();
        assertThat(begun).startsWith("HTTP/1.1 200");
        stop();
        awaitPhase(InFlight.Phase.REFUSING);
        assertThat(begun.length() + exchange.rest()).isGreaterThan(30_000_000);
    }

    @Test
    void whatIsNotAnsweredInTimeIsDropped() throws InterruptedException {
        PatienceController routes = start("0s", "600ms");
        RawExchange exchange = connect().send(get("/patience/stuck"));
        Eventually.isTrue("it arrives", () -> routes.has("stuck"));
        stop();
        assertThat(exchange.head()).isEmpty();
        Objects.requireNonNull(stopping).join();
        assertThat(routes.waiting("stuck").client().isGone()).isTrue();
    }

    private PatienceController start(String delay, String grace) {
        server = TestServer.prepare().spec("patience").with("modelyard.shutdown.delay", delay)
                .with("modelyard.shutdown.grace", grace).start();
        return server.bean(PatienceController.class);
    }

    private void stop() {
        TestServer stopped = running();
        stopping = Thread.ofPlatform().start(() -> {
            stopped.bean(GracefulStop.class).stop();
            // A test may have ended a delay that it did not want to wait for.
            Thread.interrupted();
            stopped.close();
        });
    }

    private void awaitPhase(InFlight.Phase phase) {
        InFlight inFlight = running().bean(InFlight.class);
        Eventually.isTrue("the server is " + phase, () -> inFlight.phase() == phase);
    }

    private RawExchange connect() {
        return RawExchange.with(running().port());
    }

    private TestServer running() {
        return Objects.requireNonNull(server);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }
}
