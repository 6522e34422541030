package io.modelyard.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings a deleted version back. */
@Command(name = "restore", sortOptions = false, description = "Brings a deleted version back, as long as its files are kept.")
final class Restore extends RoutingCommand {
    @Parameters(paramLabel = "TYPE/VERSION", description = "The version.")
    private String name = "";

    @Override
    void checkArguments() {
        VersionName.parse(name).demandPlain();
    }

    @Override
    ExitCode run(Workbench workbench, Console console) {
        VersionName asked = VersionName.parse(name);
        Standing.of(workbench.snapshot(), asked.type()).version(asked.version());
        Changed changed = change(workbench, asked.type(),
                (changes, newest) -> changes.restore(newest, asked.version()));
        console.result(name + (changed.isNew() ? " can be served again" : " is not deleted"), document(changed));
        return ExitCode.DONE;
    }
}
