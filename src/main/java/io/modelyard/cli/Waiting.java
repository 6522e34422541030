package io.modelyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.model.Model;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Follows one server until it serves a version. A version that nobody asked for yet is not loaded by itself, so the server is
 * asked to; with a key that may not ask it, that the version is listed is all that is waited for.
 */
final class Waiting {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration ONE_LOOK = Duration.ofSeconds(10);

    private final ServerClient client;
    private final Model model;
    private final boolean active;
    private final Console console;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final long start;
    private boolean mayLoad = true;
    private String last = "";

    /** How a server stands at the end. */
    record Served(URI server, String state) {}

    /** @param active whether it must be the active version there */
    Waiting(ServerClient client, Model model, boolean active, Duration patience, Console console,
            LongSupplier nanoTime) {
        this.client = client;
        this.model = model;
        this.active = active;
        this.patience = patience;
        this.console = console;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /**
     * Returns when the version is READY there, or listed where this key may not have it loaded.
     *
     * @throws NotServedException if it cannot be loaded there, is another one there, or time runs out
     * @throws DeniedException if the server refuses the key
     */
    Served await() throws InterruptedException {
        String path = "/models/" + model.id();
        while (true) {
            try {
                ServerClient.Answer answer = client.send("GET", path, ONE_LOOK);
                if (answer.isOk() && isNotLoaded(answer.body()) && mayLoad && standsRight(answer.body())) {
                    answer = client.send("POST", path + "/load", left().plus(BETWEEN_LOOKS));
                    mayLoad = answer.status() != 403;
                }
                if (isThere(answer)) {
                    return new Served(client.server(), mayLoad ? "READY" : "REGISTERED");
                }
            } catch (IOException e) {
                say("cannot be reached: " + e);
            }
            if (left().isZero()) {
                throw new NotServedException(model.id() + " is not served at " + client.server() + " after "
                        + Math.ceilDiv(patience.toMillis(), 1000) + " s: the server " + last);
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private boolean isThere(ServerClient.Answer answer) {
        switch (answer.status()) {
            case 200 -> {
                return isThere(answer.body());
            }
            case 403 -> {
                if (mayLoad) {
                    throw new DeniedException(client.server() + ": " + answer.detail());
                }
                say("lists it, and this key may not have it loaded there");
                return true;
            }
            case 404 -> say("does not see it yet");
            case 410 -> throw new NotServedException(client.server() + ": " + answer.detail());
            default -> {
                if (answer.body().path("code").asText().equals("model_load_failed")) {
                    throw new NotServedException(client.server() + ": " + answer.detail());
                }
                say("answers: " + answer.detail());
            }
        }
        return false;
    }

    private boolean isThere(JsonNode version) {
        String digest = version.path("digest").asText();
        if (!digest.equals(model.digest())) {
            throw new NotServedException(client.server() + " has " + model.id() + " with the digest " + digest
                    + " and not " + model.digest() + ": it reads another store");
        }
        String state = version.path("state").asText();
        switch (state) {
            case "FAILED" -> throw new NotServedException(model.id() + " cannot be loaded at " + client.server() + ": "
                    + version.path("reason").asText());
            case "DELETED" -> throw new NotServedException(model.id() + " is deleted at " + client.server());
            default -> say("has it " + state + (standsRight(version) ? "" : ", and not active yet"));
        }
        return standsRight(version) && (state.equals("READY") || (!mayLoad && isNotLoaded(version)));
    }

    private boolean standsRight(JsonNode version) {
        return !active || version.path("active").asBoolean();
    }

    private static boolean isNotLoaded(JsonNode version) {
        String state = version.path("state").asText();
        return state.equals("REGISTERED") || state.equals("UNLOADED");
    }

    private Duration left() {
        Duration left = patience.minusNanos(nanoTime.getAsLong() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void say(String state) {
        if (!state.equals(last)) {
            last = state;
            console.note(client.server() + " " + state);
        }
    }
}
