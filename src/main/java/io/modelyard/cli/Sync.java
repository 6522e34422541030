package io.modelyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.StringJoiner;

/** Lets a server read the store now. */
@Command(name = "sync", sortOptions = false, description = "Lets a server read the store now, and says what was new. The key comes from MODELYARD_API_KEY and needs the role operate.")
final class Sync extends StoreCommand {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(names = "--server", paramLabel = "<url>", description = "The server; ${DEFAULT-VALUE} by default.", defaultValue = "http://127.0.0.1:8080")
    private URI server = URI.create("http://127.0.0.1:8080");

    @Override
    ExitCode run(Workbench workbench, Console console) throws InterruptedException {
        try (ServerClient client = new ServerClient(server, workbench.apiKey())) {
            ServerClient.Answer answer = client.send("POST", "/registry/sync", PATIENCE);
            if (answer.status() == 403) {
                throw new DeniedException(server + ": " + answer.detail());
            }
            if (!answer.isOk()) {
                throw new UnreachableException(server + ": " + answer.detail());
            }
            StringJoiner text = new StringJoiner(", ", server + " has read the store: ", "");
            for (String what : new String[]{"added", "changed", "removed", "quarantined"}) {
                JsonNode entries = answer.body().path(what);
                text.add(entries.size() + " " + what);
            }
            console.result(text.toString(), answer.body());
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new UnreachableException(server + " cannot be reached: " + e);
        }
    }
}
