package io.modelyard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line as a pipeline uses it, in this process, with a home of its own. */
final class Cli {
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** @param home for what commands remember on this machine */
    Cli(Path home, String store) {
        properties.put("modelyard.store.uri", store);
        properties.put("modelyard.publish.journal-directory", home.resolve("pushes").toString());
        properties.put("modelyard.trial.enabled", "false");
        properties.put("modelyard.data-dir", home.resolve("data").toString());
    }

    Cli with(String property, Object value) {
        properties.put(property, value.toString());
        return this;
    }

    /** What came of a command. */
    record Run(int code, String out, String err) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + out, e);
            }
        }
    }

    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        properties.forEach((property, value) -> all.add("-D" + property + "=" + value));
        return plain(all.toArray(String[]::new));
    }

    /** Without a configuration. */
    static Run plain(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Modelyard.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Run(code, out.toString(), err.toString());
    }
}
