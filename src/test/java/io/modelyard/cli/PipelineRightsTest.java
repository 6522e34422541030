package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.FaultyWire;
import io.modelyard.FaultyWire.Fault;
import io.modelyard.FaultyWire.Request;
import io.modelyard.TestBucket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** {@code modelyard push} to a bucket, by whoever may do little there. */
final class PipelineRightsTest {
    private static final String MODEL = "models-local/models/breast-cancer/1/model.ubj";

    @TempDir
    Path folder;

    private final List<Request> denied = new CopyOnWriteArrayList<>();
    private TestBucket bucket;
    private FaultyWire wire;
    private Cli cli;

    @BeforeEach
    void start() {
        bucket = TestBucket.start();
        wire = new FaultyWire(bucket.endpoint(), 1);
        cli = new Cli(folder, "");
        bucket.properties(wire.uri()).forEach(cli::with);
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        bucket.close();
    }

    @Test
    void needsNoRightsButToPutUnderThePrefixesOfTheType() {
        allow(request -> isPut(request, "models/cancer/") || isPut(request, "registry/cancer/"));
        Cli.Run run = push("1");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: Other replicas will see the change", "only when they reconcile",
                "access is denied");
        assertThat(bucket.keys("")).hasSize(2).contains("registry/cancer/1.json");
        assertThat(denied)
                .allMatch(request -> request.line().contains("/probe/") || request.line().contains("/changes/"));
        assertThat(cli.run("list").code()).isEqualTo(5);

        Cli.Run again = push("1");
        assertThat(again.code()).isEqualTo(5);
        assertThat(again.err()).contains("cancer/1 is published already, and whether with this content cannot be seen");
        assertThat(push("2", "--json").json().at("/warnings/0").asText()).contains("only when they reconcile");
    }

    @Test
    void readsTheManifestOnlyWhereItIsThere() {
        allow(request -> isPut(request, "models/cancer/") || isPut(request, "registry/cancer/")
                || isPut(request, "changes/") || isPut(request, "generation")
                || (request.is("GET") && request.line().contains("/registry/cancer/1.json")));
        Cli.Run first = push("1");
        assertThat(first.err()).doesNotContain("warning");
        assertThat(first.code()).isZero();
        assertThat(push("1").out()).startsWith("cancer/1 was already published in s3://");
        assertThat(push("1", "--label", "a=b").code()).isEqualTo(3);
    }

    @Test
    void saysWhichRightIsMissing() {
        allow(request -> isPut(request, "models/cancer/"));
        Cli.Run run = push("1");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err()).contains("cannot create 'registry/cancer/1.json'", "access is denied", "s3:PutObject");
        assertThat(bucket.keys("registry/")).isEmpty();

        // With the right it goes on where it was: the file is there, and stays the only one.
        allow(request -> isPut(request, "registry/cancer/"));
        Cli.Run again = push("1");
        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("are there from a push that broke off");
        assertThat(bucket.keys("models/")).hasSize(1);
    }

    @Test
    void saysThatTheStoreCannotBeReached() {
        cli.with("modelyard.store.s3.max-attempts", 1);
        wire.fail(Fault.ERROR_500);
        Cli.Run run = push("1");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the server said 500").doesNotContain("\tat ");
    }

    private Cli.Run push(String version, String... more) {
        String[] arguments = new String[6 + more.length];
        System.arraycopy(new String[]{"push", MODEL, "--type", "cancer", "--version", version}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return cli.run(arguments);
    }

    private void allow(Predicate<Request> allowed) {
        denied.clear();
        wire.choose(request -> {
            if (allowed.test(request)) {
                return Fault.NONE;
            }
            denied.add(request);
            return Fault.FORBIDDEN_403;
        });
    }

    private boolean isPut(Request request, String key) {
        return request.line().startsWith("PUT /" + bucket.name() + "/yard/" + key);
    }
}
