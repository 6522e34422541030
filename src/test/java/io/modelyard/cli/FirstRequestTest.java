package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class FirstRequestTest {
    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the command is for a POSIX shell")
    void isACommandThatAShellReadsAsItIsMeant() throws Exception {
        Path key = Files.writeString(folder.resolve("ad'min.key"), "secret\n");
        ArrayNode row = JsonNodeFactory.instance.arrayNode().add("it's $HOME `x` \\ \"q\"");
        String command = FirstRequest.of(manifest(row), "http://127.0.0.1:1", key, folder).orElseThrow();
        // In place of curl, something that says which words it was given.
        Path curl = Files.writeString(folder.resolve("curl"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(curl.toFile().setExecutable(true)).isTrue();
        try (ChildProcess shell = ChildProcess.start(Map.of("PATH", folder + ":" + System.getenv("PATH")),
                List.of("sh", "-c", command))) {
            assertThat(shell.outputAtEnd().lines()).containsExactly("http://127.0.0.1:1/predict/t", "-H",
                    "X-API-Key: secret", "-H", "Content-Type: application/json", "-d",
                    "{\"inputs\":[[\"it's $HOME `x` \\\\ \\\"q\\\"\"]]}");
        }
    }

    @Test
    void putsALongBodyIntoAFile() throws Exception {
        ArrayNode row = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 2000; i++) {
            row.add(i);
        }
        String command = FirstRequest.of(manifest(row), "http://127.0.0.1:1", folder, folder).orElseThrow();
        assertThat(command).contains("-d '@" + folder.resolve("request.json") + "'").hasSizeLessThan(1000);
        assertThat(folder.resolve("request.json")).content().startsWith("{\"inputs\":[[0,1,2,");
    }

    @Test
    void isNoneWhereTheModelHasNoExample() throws Exception {
        assertThat(FirstRequest.of(manifest().withExamples(List.of()), "http://127.0.0.1:1", folder, folder)).isEmpty();
    }

    private static Manifest manifest(ArrayNode... rows) {
        List<Example> examples = List.of(new Example(JsonNodeFactory.instance.arrayNode().addAll(List.of(rows)), null,
                null));
        return new Manifest(1, "t", "1", "onnx", null, List.of(), List.of(), List.of(), examples, null, null, true,
                Map.of(), null, null, null, null, Instant.EPOCH, null, Map.of());
    }
}
