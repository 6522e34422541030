package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Routing;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import java.util.Optional;

/** A command that changes the routing of a type, as a server would: every change is a revision. */
abstract class RoutingCommand extends StoreCommand {
    @Option(names = "--reason", paramLabel = "<text>", description = "Why; it stays in the history.")
    private @Nullable String reason;

    @Option(names = "--by", paramLabel = "<name>", description = "Who; by default whom the pipeline works for, or this user.")
    private @Nullable String by;

    @Option(names = "--expect-revision", paramLabel = "<number>", description = "Only if this is the newest revision.")
    private @Nullable Long expected;

    /** One change, given the newest routing. */
    interface Decision {
        Routing next(RoutingChanges changes, Optional<Routing> newest);
    }

    /** What became of it. */
    record Changed(Routing routing, boolean isNew) {}

    final @Nullable String reason() {
        return reason;
    }

    final Changed change(Workbench workbench, String type, Decision decision) {
        RoutingChanges changes = new RoutingChanges(type, by == null ? Author.name() : by, reason);
        return change(workbench, changes, expected, decision);
    }

    static Changed change(Workbench workbench, RoutingChanges changes, @Nullable Long expected, Decision decision) {
        boolean[] isNew = new boolean[1];
        Routing written = workbench.bean(RegistryWriter.class).changeRouting(changes.type(), expected, newest -> {
            Routing next = decision.next(changes, newest);
            isNew[0] = newest.isEmpty() || !newest.get().equals(next);
            return next;
        });
        return new Changed(written, isNew[0]);
    }

    static ObjectNode document(Changed changed) {
        Routing routing = changed.routing();
        return JsonNodeFactory.instance.objectNode().put("status", changed.isNew() ? "changed" : "unchanged")
                .put("type", routing.type()).put("active_version", routing.active())
                .put("previous_version", routing.previous()).put("revision", routing.revision())
                .put("at", routing.change().at().toString()).put("by", routing.change().by())
                .put("reason", routing.change().reason());
    }
}
