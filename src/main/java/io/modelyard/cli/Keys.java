package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.access.ApiKeys;
import io.modelyard.access.LimitsWish;
import io.modelyard.access.LimitsWish.RateWish;
import io.modelyard.access.NewKey;
import io.modelyard.access.Rotation;
import io.modelyard.model.ApiKey;
import io.modelyard.model.KeyLimits;
import io.modelyard.model.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The API keys in the store: whoever may write there can always make one. */
@Command(name = "keys", description = "Lists, makes, rotates and revokes API keys.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        Keys.ListKeys.class, Keys.Create.class, Keys.Rotate.class, Keys.Revoke.class}, mixinStandardHelpOptions = true)
final class Keys {
    private Keys() {}

    /** Lists them. */
    @Command(name = "list", sortOptions = false, description = "Lists the keys, the oldest first; revoked and expired ones too.")
    static final class ListKeys extends StoreCommand {
        @Override
        ExitCode run(Workbench workbench, Console console) {
            workbench.snapshot();
            Instant now = workbench.bean(Clock.class).instant();
            Table table = new Table("ID", "STATE", "ROLES", "TYPES", "LIMITS", "EXPIRES", "CREATED", "BY");
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            ArrayNode all = document.putArray("keys");
            List<ApiKey> keys = workbench.bean(ApiKeys.class).list();
            for (ApiKey key : keys) {
                table.row(key.id(), state(key, now), String.join(" ", roles(key)), String.join(" ", types(key)),
                        limits(key), key.expiresAt() == null ? "" : key.expiresAt().toString(),
                        key.createdAt().toString(),
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

        @Option(names = "--requests-per-second", paramLabel = "<n>", description = "How many requests it may make each second; by default any number.")
        private @Nullable Double requestsPerSecond;

        @Option(names = "--request-burst", paramLabel = "<n>", description = "How many of them at once; by default those of one second.")
        private @Nullable Long requestBurst;

        @Option(names = "--rows-per-second", paramLabel = "<n>", description = "How many rows it may have predicted each second; by default any number.")
        private @Nullable Double rowsPerSecond;

        @Option(names = "--row-burst", paramLabel = "<n>", description = "How many of them at once; by default those of one second.")
        private @Nullable Long rowBurst;

        @Override
        ExitCode run(Workbench workbench, Console console) {
            Instant now = workbench.bean(Clock.class).instant();
            NewKey wanted = NewKey.of(name, roles, types, days, null, limits(), now);
            ApiKeys.Made made = workbench.bean(ApiKeys.class).make(wanted, Author.name());
            console.note("the key " + made.stored().id() + " is for " + String.join(", ", roles(made.stored()))
                    + (types.isEmpty() ? "" : " of " + String.join(", ", types)) + "; it is shown this once:");
            console.result(made.plain().text(), document(made.stored(), now).put("key", made.plain().text()));
            return ExitCode.DONE;
        }

        private LimitsWish limits() {
            return new LimitsWish(rate(requestsPerSecond, requestBurst), rate(rowsPerSecond, rowBurst));
        }

        private static @Nullable RateWish rate(@Nullable Double perSecond, @Nullable Long burst) {
            return perSecond == null && burst == null ? null : new RateWish(perSecond, burst);
        }
    }

    /** Gives one another secret. */
    @Command(name = "rotate", sortOptions = false, description = "Gives a key another secret and writes it to standard output, this once; the old one stays valid for a while.")
    static final class Rotate extends StoreCommand {
        @Parameters(paramLabel = "ID", description = "The key's id, as keys list says it.")
        private String id = "";

        @Option(names = "--overlap-hours", paramLabel = "<hours>", description = "For how long the old secret stays valid, 24 by default; 0 ends it at once.")
        private @Nullable Integer overlapHours;

        @Option(names = "--reason", paramLabel = "<text>", description = "Why; it stands in the history.")
        private @Nullable String reason;

        @Override
        ExitCode run(Workbench workbench, Console console) {
            Rotation rotation = Rotation.of(overlapHours, reason);
            workbench.snapshot();
            ApiKeys.Made made = workbench.bean(ApiKeys.class).rotate(id, rotation, Author.name());
            ApiKey.PreviousSecret previous = made.stored().previous();
            console.note("the key " + id + " has another secret; the old one is "
                    + (previous == null ? "not valid any more" : "valid until " + previous.validUntil())
                    + "; the new one is shown this once:");
            console.result(made.plain().text(), document(made.stored(), workbench.bean(Clock.class).instant())
                    .put("key", made.plain().text()));
            return ExitCode.DONE;
        }
    }

    /** Ends one. */
    @Command(name = "revoke", sortOptions = false, description = "Ends a key for good.")
    static final class Revoke extends StoreCommand {
        @Parameters(paramLabel = "ID", description = "The key's id, as keys list says it.")
        private String id = "";

        @Option(names = "--reason", paramLabel = "<text>", description = "Why; it stands in the history.")
        private @Nullable String reason;

        @Override
        ExitCode run(Workbench workbench, Console console) {
            workbench.snapshot();
            ApiKey revoked = workbench.bean(ApiKeys.class).revoke(id, Author.name(), reason);
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
        if (key.limits() != null) {
            putLimits(document, key.limits());
        }
        return document;
    }

    private static String limits(ApiKey key) {
        KeyLimits limits = key.limits();
        return limits == null ? "" : (limit(limits.requests(), "requests") + limit(limits.rows(), "rows")).strip();
    }

    private static String limit(KeyLimits.@Nullable Rate rate, String what) {
        return rate == null
                ? ""
                : "%s %s/s (%d at once) ".formatted(what, BigDecimal.valueOf(rate.perSecond()).stripTrailingZeros()
                        .toPlainString(), rate.burst());
    }

    private static void putLimits(ObjectNode document, KeyLimits limits) {
        ObjectNode all = document.putObject("limits");
        putRate(all, "requests", limits.requests());
        putRate(all, "rows", limits.rows());
    }

    private static void putRate(ObjectNode limits, String member, KeyLimits.@Nullable Rate rate) {
        if (rate != null) {
            limits.putObject(member).put("per_second", rate.perSecond()).put("burst", rate.burst());
        }
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
