package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.access.ApiKeys;
import io.modelyard.access.NewKey;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The API keys in the store: whoever may write there can always make one. */
@Command(name = "keys", description = "Lists, makes and revokes API keys.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        Keys.ListKeys.class, Keys.Create.class, Keys.Revoke.class}, mixinStandardHelpOptions = true)
final class Keys {
    private Keys() {}

    /** Lists them. */
    @Command(name = "list", sortOptions = false, description = "Lists the keys, the oldest first; revoked and expired ones too.")
    static final class ListKeys extends StoreCommand {
        @Override
        ExitCode run(Workbench workbench, Console console) {
            workbench.snapshot();
            Instant now = workbench.bean(Clock.class).instant();
            Table table = new Table("ID", "STATE", "ROLES", "TYPES", "EXPIRES", "CREATED", "BY");
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            ArrayNode all = document.putArray("keys");
            List<ApiKey> keys = workbench.bean(ApiKeys.class).list();
            for (ApiKey key : keys) {
                table.row(key.id(), state(key, now), String.join(" ", roles(key)), String.join(" ", types(key)),
                        key.expiresAt() == null ? "" : key.expiresAt().toString(), key.createdAt().toString(),
                        Objects.requireNonNullElse(key.createdBy(), ""));
                all.add(document(key, now));
            }
            console.result(keys.isEmpty() ? "there are no keys" : table.toString(), document);
            return ExitCode.DONE;
        }
    }

    /** Makes one. */
    @Command(name = "create", sortOptions = false, description = "Makes a key and writes it to standard output, this once: only its hash is kept.")
    static final class Create extends StoreCommand {
        @Option(names = "--name", required = true, paramLabel = "<text>", description = "Who or what will hold it.")
        private String name = "";

        @Option(names = "--role", required = true, paramLabel = "<role>", description = "What it is for: predict, read, logs, publish, operate, admin; may be repeated.")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--type", paramLabel = "<type>", description = "The only type that it is for; may be repeated.")
        private List<String> types = new ArrayList<>();

        @Option(names = "--expires-in-days", paramLabel = "<days>", description = "For how long it is valid; by default for good.")
        private @Nullable Integer days;

        @Override
        ExitCode run(Workbench workbench, Console console) {
            Instant now = workbench.bean(Clock.class).instant();
            NewKey wanted = NewKey.of(name, roles, types, days, null, now);
            ApiKeys.Made made = workbench.bean(ApiKeys.class).make(wanted, Author.name());
            console.note("the key " + made.stored().id() + " is for " + String.join(", ", roles(made.stored()))
                    + (types.isEmpty() ? "" : " of " + String.join(", ", types)) + "; it is shown this once:");
            console.result(made.plain().text(), document(made.stored(), now).put("key", made.plain().text()));
            return ExitCode.DONE;
        }
    }

    /** Ends one. */
    @Command(name = "revoke", sortOptions = false, description = "Ends a key for good.")
    static final class Revoke extends StoreCommand {
        @Parameters(paramLabel = "ID", description = "The key's id, as keys list says it.")
        private String id = "";

        @Override
        ExitCode run(Workbench workbench, Console console) {
            workbench.snapshot();
            ApiKey revoked = workbench.bean(ApiKeys.class).revoke(id);
            console.result("the key " + id + " is revoked", document(revoked, workbench.bean(Clock.class).instant()));
            return ExitCode.DONE;
        }
    }

    private static ObjectNode document(ApiKey key, Instant now) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("id", key.id()).put("name", key.name())
                .put("state", state(key, now))
                .put("expires_at", key.expiresAt() == null ? null : key.expiresAt().toString())
                .put("created_at", key.createdAt().toString()).put("created_by", key.createdBy());
        roles(key).forEach(document.putArray("roles")::add);
        types(key).forEach(document.putArray("types")::add);
        return document;
    }

    private static String state(ApiKey key, Instant now) {
        return key.revoked() ? "revoked" : key.isValidAt(now) ? "valid" : "expired";
    }

    private static List<String> roles(ApiKey key) {
        return key.roles().stream().sorted().map(Role::jsonName).toList();
    }

    private static List<String> types(ApiKey key) {
        return key.types().stream().sorted().toList();
    }
}
