package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.modelyard.SettableClock;
import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The link that a new server prints: it opens once, soon, and here. */
final class LinkCodeTest {
    private static final Pattern LINK = Pattern.compile("(http://[^ ]+)/#code=([\\w-]+) ");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void listen() {
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(lines);
    }

    @Test
    void theLinkOfANewServerGivesItsFirstKeyOnce() {
        try (TestServer server = TestServer.start()) {
            Matcher link = link();
            assertThat(link.group(1)).isEqualTo("http://127.0.0.1:" + server.port());
            Answer opened = present(server, link.group(2));
            assertThat(opened.status()).as(opened.text()).isEqualTo(200);
            assertThat(opened.json().path("key").asText()).isEqualTo(server.adminKey());
            assertThat(opened.header("cache-control")).contains("no-store");
            assertThat(present(server, link.group(2)).status()).isEqualTo(404);
            assertThat(linesWith(link.group(2))).as("lines with the code").hasSize(1);
            assertThat(linesWith(server.adminKey())).as("with the key").isEmpty();
        }
    }

    @Test
    void whoeverHasAKeyAlreadyIsToldOfNoLink() {
        try (TestServer first = TestServer.start()) {
            lines.list.clear();
            try (TestServer second = TestServer.prepare().store(first.store()).start()) {
                assertThat(second.store()).isEqualTo(first.store());
                assertThat(linesWith("#code=")).isEmpty();
            }
        }
    }

    @Test
    void whatOthersCanReachPrintsNoLinkAndTakesNoCode() {
        try (TestServer server = TestServer.prepare().with("micronaut.server.host", "0.0.0.0").start()) {
            assertThat(linesWith("#code=")).isEmpty();
            assertThat(present(server, server.bean(LinkCode.class).issue()).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For, 203.0.113.7", "Forwarded, for=203.0.113.7", "Origin, http://evil.example",
            "Origin, null", "Via, 1.1 proxy"})
    void aRequestFromElsewhereIsNotAnswered(String header, String value) {
        try (TestServer server = TestServer.start()) {
            String code = server.bean(LinkCode.class).issue();
            Answer refused = server.anonymous().send(server.anonymous().request("/api-keys/self/code")
                    .header("Content-Type", "application/json").header(header, value)
                    .POST(BodyPublishers.ofString("{\"code\": \"" + code + "\"}")));
            assertThat(refused.status()).isIn(403, 404);
            assertThat(present(server, code).status()).as("it was not used up").isEqualTo(200);
        }
    }

    @Test
    void aCodeEndsAfterItsTimeAndAfterTooManyGuesses() {
        SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
        LinkCode codes = new LinkCode(clock);
        String late = codes.issue();
        clock.advance(LinkCode.LIFE);
        assertThat(codes.redeem(late)).isFalse();
        String guessed = codes.issue();
        for (String guess : List.of("a", "b", "c", "d", "e")) {
            assertThat(codes.redeem(guess)).isFalse();
        }
        assertThat(codes.redeem(guessed)).isFalse();
        String old = codes.issue();
        String fresh = codes.issue();
        assertThat(codes.redeem(old)).isFalse();
        clock.advance(LinkCode.LIFE.minus(Duration.ofSeconds(1)));
        assertThat(codes.redeem(fresh)).isTrue();
        assertThat(codes.redeem(fresh)).isFalse();
    }

    private static Answer present(TestServer server, String code) {
        return server.anonymous().post("/api-keys/self/code", "{\"code\": \"" + code + "\"}");
    }

    private Matcher link() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).map(LINK::matcher).filter(Matcher::find)
                .findFirst().orElseThrow();
    }

    private List<String> linesWith(String part) {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).filter(line -> line.contains(part)).toList();
    }
}
