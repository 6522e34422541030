package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Routing;
import io.modelyard.registry.RegistryWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;

/** Shows who changed what about a type. */
@Command(name = "history", sortOptions = false, description = "Shows who changed the routing of a type, when, from what to what, and why; the newest first.")
final class History extends StoreCommand {
    @Parameters(paramLabel = "TYPE", description = "The type.")
    private String type = "";

    @Override
    ExitCode run(Workbench workbench, Console console) {
        List<Routing> revisions = workbench.bean(RegistryWriter.class).history(type);
        Table table = new Table("REVISION", "AT", "BY", "ACTION", "FROM", "TO", "REASON");
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("type", type);
        ArrayNode all = document.putArray("revisions");
        for (Routing routing : revisions) {
            Routing.Change change = routing.change();
            table.row(String.valueOf(routing.revision()), change.at().toString(), orEmpty(change.by()),
                    change.action(), orEmpty(change.from()), orEmpty(change.to()), orEmpty(change.reason()));
            all.addObject().put("revision", routing.revision()).put("at", change.at().toString()).put("by", change.by())
                    .put("action", change.action()).put("from", change.from()).put("to", change.to())
                    .put("reason", change.reason()).put("active", routing.active());
        }
        console.result(revisions.isEmpty() ? "nothing about " + type + " was ever changed" : table.toString(),
                document);
        return ExitCode.DONE;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
