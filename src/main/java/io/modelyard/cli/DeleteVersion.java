package io.modelyard.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.time.Clock;

/** Takes a version out of service. */
@Command(name = "delete", sortOptions = false, description = "Deletes a version: it is served no more, its files are removed after a while, and until then restore brings it back. What is active or has an alias is refused.")
final class DeleteVersion extends RoutingCommand {
    @Parameters(paramLabel = "TYPE/VERSION", description = "The version.")
    private String name = "";

    @Override
    void checkArguments() {
        VersionName.parse(name).demandPlain();
    }

    @Override
    ExitCode run(Workbench workbench, Console console) {
        VersionName asked = VersionName.parse(name);
        Standing standing = Standing.of(workbench.snapshot(), asked.type());
        standing.version(asked.version());
        Changed changed = change(workbench, asked.type(), (changes, newest) -> changes.retire(newest, asked.version(),
                standing.followed(), workbench.bean(Clock.class).instant()));
        console.result(name + " is deleted; modelyard restore " + name + " brings it back while its files are kept",
                document(changed));
        return ExitCode.DONE;
    }
}
