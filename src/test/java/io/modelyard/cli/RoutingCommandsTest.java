package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The commands that say which version answers, and who may ask. */
final class RoutingCommandsTest {
    private static final String CANCER = "models-local/models/breast-cancer/1/model.ubj";
    private static final String DIGITS = "models-local/models/digits/2/model.onnx";

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void publish() {
        cli = new Cli(folder, folder.resolve("store").toString());
        for (String version : new String[]{"1", "2"}) {
            assertThat(push(CANCER, version).code()).isZero();
        }
    }

    @Test
    void activatesAndRollsBackWithAHistory() {
        assertThat(cli.run("activate", "a/1", "--by", "ann", "--reason", "2 is slow").out())
                .isEqualTo("a/1 is active, before it was 2 (revision 1)\n");
        assertThat(cli.run("activate", "a/1").out()).isEqualTo("a/1 is active already\n");
        assertThat(cli.run("activate", "a/2", "--json").json().path("previous_version").asText()).isEqualTo("1");
        assertThat(cli.run("rollback", "a").out()).isEqualTo("a/1 is active, before it was 2 (revision 3)\n");
        assertThat(cli.run("activate", "a/@latest").out()).startsWith("a follows @latest, before it was 1");

        JsonNode revisions = cli.run("history", "a", "--json").json().path("revisions");
        assertThat(revisions.findValuesAsText("revision")).containsExactly("4", "3", "2", "1");
        assertThat(revisions.findValuesAsText("action")).containsExactly("activate", "rollback", "activate",
                "activate");
        assertThat(revisions.get(3).path("by").asText()).isEqualTo("ann");
        assertThat(cli.run("history", "a").out()).contains("2 is slow").hasLineCount(5);
        assertThat(cli.run("history", "b").out()).isEqualTo("nothing about b was ever changed\n");
    }

    @Test
    void activatesNothingThatBreaksTheContractUnlessForcedWithAReason() {
        assertThat(cli.run("activate", "a/1").code()).isZero();
        assertThat(push(DIGITS, "3").code()).isZero();
        Cli.Run refused = cli.run("activate", "a/3");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).startsWith("a/3 breaks the contract of a/1: there is no input 'features' any more");
        assertThat(cli.run("activate", "a/3", "--force").code()).isEqualTo(2);
        assertThat(cli.run("activate", "a/3", "--force", "--reason", "agreed with all clients").code()).isZero();
    }

    @Test
    void publishesAndActivatesInOne() {
        assertThat(cli.run("activate", "a/1").code()).isZero();
        Cli.Run pushed = cli.run("push", CANCER, "--type", "a", "--version", "3", "--activate");
        assertThat(pushed.out()).contains("a/3 is published in", "\na/3 is active, before it was 1 (revision 2)\n");
        Cli.Run breaking = cli.run("push", DIGITS, "--type", "a", "--version", "4", "--activate");
        assertThat(breaking.code()).isEqualTo(3);
        assertThat(breaking.err()).contains("a/4 is published in", "a/4 breaks the contract of a/3");
        assertThat(cli.run("list", "a", "--json").json().at("/types/0/active_version").asText()).isEqualTo("3");
    }

    @Test
    void deletesWhatIsNotInUseAndBringsItBack() {
        assertThat(cli.run("delete", "a/2").err()).startsWith("a/2 is what @latest leads to");
        assertThat(cli.run("activate", "a/2").code()).isZero();
        assertThat(cli.run("delete", "a/2").code()).isEqualTo(3);
        assertThat(cli.run("delete", "a/@latest").code()).isEqualTo(2);
        assertThat(cli.run("delete", "a/1", "--reason", "old").code()).isZero();
        assertThat(cli.run("list").out()).containsPattern("a +1 +deleted ");
        assertThat(cli.run("show", "a/1").out()).containsPattern("deleted +20.*: old");
        assertThat(cli.run("activate", "a/1")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("a/1 was deleted at");
        });
        assertThat(cli.run("restore", "a/1").out()).isEqualTo("a/1 can be served again\n");
        assertThat(cli.run("restore", "a/1").out()).isEqualTo("a/1 is not deleted\n");
        assertThat(cli.run("activate", "a/1").code()).isZero();
        assertThat(cli.run("delete", "a/9").code()).isEqualTo(2);
    }

    @Test
    void insistsOnTheRevisionThatWasSeen() {
        assertThat(cli.run("activate", "a/1", "--expect-revision", "0").code()).isZero();
        Cli.Run late = cli.run("activate", "a/2", "--expect-revision", "0", "--json");
        assertThat(late.code()).isEqualTo(3);
        assertThat(late.json().path("code").asText()).isEqualTo("revision_conflict");
    }

    @Test
    void makesAKeyThatIsShownOnceAndRevokesIt() {
        Cli.Run made = cli.run("keys", "create", "--name", "CI of birds", "--role", "publish", "--role", "read",
                "--type", "a", "--expires-in-days", "90");
        assertThat(made.out()).matches("my_[A-Za-z0-9_-]{43}\n");
        assertThat(made.err())
                .containsPattern("the key ci-of-birds-[0-9a-f]{8} is for read, publish of a; it is shown this "
                        + "once:");
        Cli.Run list = cli.run("keys", "list");
        assertThat(list.out()).containsPattern("ci-of-birds-[0-9a-f]{8} +valid +read publish +a +20")
                .doesNotContain(made.out().strip());
        String id = cli.run("keys", "list", "--json").json().at("/keys/0/id").asText();
        assertThat(cli.run("keys", "revoke", id).out()).isEqualTo("the key " + id + " is revoked\n");
        assertThat(cli.run("keys", "list", "--json").json().at("/keys/0/state").asText()).isEqualTo("revoked");
        assertThat(cli.run("keys", "revoke", "nobody").code()).isEqualTo(2);
        assertThat(cli.run("keys", "create", "--name", "x", "--role", "king").err())
                .contains("there is no role 'king'");
    }

    @Test
    void makesAKeyWithLimitsAndGivesItAnotherSecret() {
        Cli.Run made = cli.run("keys", "create", "--name", "app", "--role", "predict", "--requests-per-second", "2.5",
                "--rows-per-second", "100", "--row-burst", "5000");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(cli.run("keys", "list").out()).contains("requests 2.5/s (3 at once) rows 100/s (5000 at once)");
        var limits = cli.run("keys", "list", "--json").json().at("/keys/0/limits");
        assertThat(limits.at("/rows/burst").asLong()).isEqualTo(5000);
        assertThat(limits.at("/requests/per_second").asDouble()).isEqualTo(2.5);
        assertThat(cli.run("keys", "create", "--name", "x", "--role", "read", "--row-burst", "5").err())
                .contains("/limits/rows/per_second");

        String id = cli.run("keys", "list", "--json").json().at("/keys/0/id").asText();
        Cli.Run rotated = cli.run("keys", "rotate", id, "--overlap-hours", "1", "--reason", "it leaked");
        assertThat(rotated.out()).matches("my_[A-Za-z0-9_-]{43}\n").isNotEqualTo(made.out());
        assertThat(rotated.err()).contains("the old one is valid until 20");
        assertThat(cli.run("keys", "rotate", id, "--overlap-hours", "0").err()).contains("not valid any more");
        assertThat(cli.run("keys", "rotate", id, "--overlap-hours", "-1").code()).isEqualTo(2);
        assertThat(cli.run("keys", "rotate", "nobody").code()).isEqualTo(2);
        cli.run("keys", "revoke", id, "--reason", "gone");
        assertThat(cli.run("keys", "rotate", id).code()).isEqualTo(3);
    }

    private Cli.Run push(String model, String version) {
        return cli.run("push", model, "--type", "a", "--version", version);
    }
}
