package io.modelyard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks one server over HTTP. For one thread. */
final class ServerClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final URI server;
    private final @Nullable String key;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).build();

    /** What a server answered. */
    record Answer(int status, JsonNode body) {
        boolean isOk() {
            return status == 200;
        }

        /** What is wrong, in its words. */
        String detail() {
            return body.path("detail").asText("it answered " + status);
        }
    }

    /** @param key null where there is none */
    ServerClient(URI server, @Nullable String key) {
        String text = server.toString();
        if (server.getHost() == null || !text.startsWith("http")) {
            throw new BadArgumentException(
                    "'" + server + "' is not the URL of a server: http://127.0.0.1:8080 for example");
        }
        this.server = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        this.key = key;
    }

    URI server() {
        return server;
    }

    /**
     * Asks, and waits for the whole answer.
     *
     * @throws DeniedException if the server does not know the key, or there is none and it wants one
     * @throws IOException if it cannot be reached, or does not answer in time
     */
    Answer send(String method, String path, Duration patience) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path)).timeout(patience)
                .header("Accept", "application/json").method(method, BodyPublishers.noBody());
        if (key != null) {
            request.header("X-API-Key", key);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        Answer answer = new Answer(response.statusCode(), json(response.body()));
        if (answer.status() == 401) {
            throw new DeniedException(server + " refuses the key: " + answer.detail()
                    + "; MODELYARD_API_KEY must hold a key of that server");
        }
        return answer;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notOurs) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
